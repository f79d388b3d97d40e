SELECT 1 AS found
FROM memo_search
WHERE stale
LIMIT 1
