INSERT OR REPLACE INTO memo_words (rowid, name, description, note)
SELECT entry, $1, $2, $3
FROM memo_search
WHERE memo_id = $4
