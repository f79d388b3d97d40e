INSERT INTO notifications (id, user_id, kind, actor_id, memo_id, deletion_id, created_at)
SELECT $1, m.author_id, 'MEMO_DELETED_BY_RECIPIENT', $2, m.id, $3, $4
FROM deleted_memos m
WHERE m.id = $5 AND m.author_id <> $2
