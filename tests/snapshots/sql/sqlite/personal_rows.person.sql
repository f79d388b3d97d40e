SELECT
  x.id,
  x.username,
  x.full_name,
  x.email,
  x.role,
  x.active,
  x.created_at,
  x.erased_at,
  x.id AS row_key
FROM users x
WHERE x.id = $1 AND x.id > $2
ORDER BY x.id
LIMIT 50
