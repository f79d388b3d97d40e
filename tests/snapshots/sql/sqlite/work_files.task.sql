SELECT l.task_id AS linked_to, t.*
FROM task_files l
JOIN files t ON t.id = l.file_id
WHERE l.task_id IN (SELECT unhex(value) FROM json_each($1))
ORDER BY t.id
