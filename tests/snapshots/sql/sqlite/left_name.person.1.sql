INSERT INTO
  memo_deletion_missing (deletion_id, kind, node_id, label, author_sees, recipient_sees)
SELECT r.id, 'SUBSCRIBER_LINK', u.id, u.full_name, TRUE, TRUE
FROM memo_subscribers s
JOIN deleted_memos d ON d.id = s.memo_id
JOIN users u ON u.id = s.user_id
JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
WHERE u.id = $1
