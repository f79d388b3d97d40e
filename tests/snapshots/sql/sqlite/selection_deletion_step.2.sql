DELETE FROM memos
WHERE id IN (SELECT unhex(value) FROM json_each($1))
