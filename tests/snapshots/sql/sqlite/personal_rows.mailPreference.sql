SELECT x.kind, x.user_id AS row_key
FROM mail_opt_outs x
WHERE x.user_id = $1 AND x.user_id > $2
ORDER BY x.user_id
LIMIT 50
