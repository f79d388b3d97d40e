SELECT x.key, x.verb, x.created_at AS created_at, x.created_id AS row_key
FROM idempotency_keys x
WHERE x.user_id = $1 AND x.created_id > $2
ORDER BY x.created_id
LIMIT 50
