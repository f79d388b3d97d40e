SELECT chief_after
FROM users
WHERE id = $1 AND role = 'CHIEF'
