INSERT INTO
  memo_deletion_missing (deletion_id, kind, node_id, label, author_sees, recipient_sees)
SELECT r.id, 'REMINDER', n.id, NULL, FALSE, FALSE
FROM reminders n
JOIN deleted_memos d ON d.id = n.memo_id
JOIN users u ON u.id = n.user_id
JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
WHERE u.id = $1
