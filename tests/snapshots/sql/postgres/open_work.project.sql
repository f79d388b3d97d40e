SELECT t.id
FROM project_members own
JOIN projects t ON t.id = own.project_id AND t.stage IN ('OPEN', 'IN_PROGRESS')
WHERE own.user_id = $1 AND own.part = 'RESPONSIBLE'
ORDER BY t.id
LIMIT 500
