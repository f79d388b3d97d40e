SELECT x.changed_at, x.user_id AS row_key
FROM credentials x
WHERE x.user_id = $1 AND x.user_id > $2
ORDER BY x.user_id
LIMIT 50
