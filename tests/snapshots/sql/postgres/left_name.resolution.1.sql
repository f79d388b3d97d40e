INSERT INTO
  memo_deletion_missing (deletion_id, kind, node_id, label, author_sees, recipient_sees)
SELECT r.id, 'RESOLUTION_LINK', t.id, t.name, TRUE, TRUE
FROM deleted_memos d
JOIN resolutions t ON t.id = d.resolution_id
JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
WHERE t.id = $1
