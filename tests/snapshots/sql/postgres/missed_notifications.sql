SELECT
  n.id,
  n.position,
  n.user_id,
  n.kind,
  n.actor_id,
  n.memo_id,
  n.task_id,
  n.project_id,
  n.deletion_id,
  n.created_at,
  n.read_at
FROM notifications n
WHERE n.user_id = $1 AND n.position > $2 AND n.position <= $3
ORDER BY n.position
LIMIT 200
