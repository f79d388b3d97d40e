SELECT
  x.id,
  x.kind,
  x.actor_id,
  x.memo_id,
  x.task_id,
  x.project_id,
  x.deletion_id,
  x.created_at,
  x.read_at,
  x.id AS row_key
FROM notifications x
WHERE x.user_id = $1 AND x.id > $2
ORDER BY x.id
LIMIT 50
