SELECT d.id
FROM deleted_memos d
WHERE d.id = ANY($1)
ORDER BY d.id
FOR UPDATE
