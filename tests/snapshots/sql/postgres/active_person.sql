SELECT
  u.*,
  (SELECT c.changes FROM sign_in_counter c WHERE c.id = 1) AS sign_in_changes
FROM users u
WHERE u.id = $1 AND u.active
