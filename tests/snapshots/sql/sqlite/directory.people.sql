SELECT
  t.id,
  t.username,
  t.full_name,
  t.email,
  t.role,
  t.active,
  t.created_at,
  t.search_name,
  t.erased_at,
  (SELECT d.changes FROM directory_counter d WHERE d.id = 1) AS directory_version
FROM users t
WHERE t.id IN (SELECT unhex(value) FROM json_each($1))
