SELECT x.project_id, x.part, x.project_id AS row_key
FROM project_members x
WHERE x.user_id = $1 AND x.project_id > $2
ORDER BY x.project_id
LIMIT 50
