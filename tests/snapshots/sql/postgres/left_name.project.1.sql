INSERT INTO
  memo_deletion_missing (deletion_id, kind, node_id, label, author_sees, recipient_sees)
SELECT
  r.id,
  'PROJECT_LINK',
  t.id,
  t.name,
  (
    t.created_by = r.author_id
    OR EXISTS (SELECT 1 FROM users u WHERE u.id = r.author_id AND u.role = 'CHIEF')
    OR EXISTS (
      SELECT 1
      FROM project_members w
      WHERE w.project_id = t.id
        AND w.user_id = r.author_id
    )
  ),
  (
    t.created_by = r.recipient_id
    OR EXISTS (SELECT 1 FROM users u WHERE u.id = r.recipient_id AND u.role = 'CHIEF')
    OR EXISTS (
      SELECT 1
      FROM project_members w
      WHERE w.project_id = t.id
        AND w.user_id = r.recipient_id
    )
  )
FROM deleted_memos d
JOIN projects t ON t.id = d.project_id
JOIN memo_deletions r ON r.memo_id = d.id AND r.restored_at IS NULL
WHERE t.id = $1
