INSERT INTO
  memo_deletion_missing (deletion_id, kind, node_id, label, author_sees, recipient_sees)
SELECT r.id, 'TAG_LINK', t.id, t.name, TRUE, TRUE
FROM memo_tags l
JOIN deleted_memos d ON d.id = l.memo_id
JOIN tags t ON t.id = l.tag_id
JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
WHERE t.id = $1
