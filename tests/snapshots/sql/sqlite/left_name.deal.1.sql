INSERT INTO
  memo_deletion_missing (deletion_id, kind, node_id, label, author_sees, recipient_sees)
SELECT r.id, 'DEAL_LINK', t.id, t.name, TRUE, TRUE
FROM deleted_memos d
JOIN deals t ON t.id = d.deal_id
JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
WHERE t.id = $1
