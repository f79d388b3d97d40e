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
  i.role_as_of
FROM identities i
JOIN users u ON u.id = i.user_id
WHERE i.issuer = $1 AND i.subject = $2
