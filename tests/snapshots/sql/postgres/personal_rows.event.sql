SELECT x.kind, x.memo_id, x.occurred_at, x.id AS row_key
FROM memo_events x
WHERE x.actor_id = $1 AND (NOT x.draft OR ($2 AND x.author_id = $1)) AND x.id > $3
ORDER BY x.id
LIMIT 50
