SELECT id
FROM memo_events
WHERE position IS NULL
LIMIT 1
