SELECT
  u.id,
  u.username,
  u.full_name,
  u.email,
  u.role,
  u.active,
  u.created_at,
  u.search_name,
  u.erased_at,
  (SELECT c.changes FROM sign_in_counter c WHERE c.id = 1) AS sign_in_changes
FROM users u
WHERE u.id = $1 AND u.active
