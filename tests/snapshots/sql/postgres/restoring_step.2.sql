DELETE FROM deleted_memos
WHERE id = $1
