SELECT t.id
FROM task_members own
JOIN tasks t ON t.id = own.task_id AND t.stage IN ('OPEN', 'IN_PROGRESS')
WHERE own.user_id = $1 AND own.part = 'RESPONSIBLE'
ORDER BY t.id
LIMIT 500
