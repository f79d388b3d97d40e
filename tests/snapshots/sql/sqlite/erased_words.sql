DELETE FROM memo_search
WHERE memo_id IN (SELECT unhex(value) FROM json_each($1))
