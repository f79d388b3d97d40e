SELECT d.id
FROM deleted_memos d
WHERE d.id IN (SELECT unhex(value) FROM json_each($1))
ORDER BY d.id
