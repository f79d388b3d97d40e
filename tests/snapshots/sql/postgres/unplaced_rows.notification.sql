SELECT id
FROM notifications
WHERE position IS NULL
LIMIT 1
