DELETE FROM memo_search
WHERE memo_id = ANY($1)
