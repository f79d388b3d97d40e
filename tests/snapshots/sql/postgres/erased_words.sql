DELETE FROM memo_search
WHERE memo_id = $1
