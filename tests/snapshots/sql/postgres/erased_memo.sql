DELETE FROM deleted_memos
WHERE id = $1 AND NOT on_hold
