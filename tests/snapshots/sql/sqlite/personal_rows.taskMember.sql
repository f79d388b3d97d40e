SELECT x.task_id, x.part, x.task_id AS row_key
FROM task_members x
WHERE x.user_id = $1 AND x.task_id > $2
ORDER BY x.task_id
LIMIT 50
