SELECT x.file_id, x.task_id, x.created_at, x.file_id AS row_key
FROM task_files x
WHERE x.attached_by = $1 AND x.file_id > $2
ORDER BY x.file_id
LIMIT 50
