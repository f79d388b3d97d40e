SELECT
  x.id,
  x.created_at,
  x.refreshed_at,
  x.expires_at,
  x.revoked_at,
  x.user_agent,
  x.id AS row_key
FROM sessions x
WHERE x.user_id = $1 AND x.id > $2
ORDER BY x.id
LIMIT 50
