SELECT d.id
FROM deleted_memos d
WHERE d.id = $1
