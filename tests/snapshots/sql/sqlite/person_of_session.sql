SELECT
  u.*,
  (SELECT c.changes FROM sign_in_counter c WHERE c.id = 1) AS sign_in_changes
FROM users u
JOIN sessions s ON s.user_id = u.id
WHERE
  u.id = $1
  AND u.active
  AND s.id = $2
  AND s.revoked_at IS NULL
  AND s.expires_at > $3
