DELETE FROM memos
WHERE id = $1
