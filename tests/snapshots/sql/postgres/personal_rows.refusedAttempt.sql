SELECT x.id, x.memo_id, x.deletion_id, x.codes, x.refused_at, x.id AS row_key
FROM refused_deletions x
WHERE x.user_id = $1 AND x.id > $2
ORDER BY x.id
LIMIT 50
