SELECT x.issuer, x.subject, x.created_at, x.user_id AS row_key
FROM identities x
WHERE x.user_id = $1 AND x.user_id > $2
ORDER BY x.user_id
LIMIT 50
