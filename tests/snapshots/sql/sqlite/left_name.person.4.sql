INSERT INTO
  memo_deletion_missing (deletion_id, kind, node_id, label, author_sees, recipient_sees)
SELECT r.id, 'COMMENT', c.id, substr(c.body, 1, 80), TRUE, TRUE
FROM comments c
JOIN deleted_memos d ON d.id = c.memo_id
JOIN users u ON u.id = c.author_id
JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
WHERE u.id = $1
