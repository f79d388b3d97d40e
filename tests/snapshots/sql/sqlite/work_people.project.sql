SELECT
  l.project_id AS linked_to,
  l.part,
  t.id,
  t.username,
  t.full_name,
  t.email,
  t.role,
  t.active,
  t.created_at,
  t.search_name,
  t.erased_at
FROM project_members l
JOIN users t ON t.id = l.user_id
WHERE l.project_id IN (SELECT unhex(value) FROM json_each($1))
ORDER BY t.full_name, t.id
