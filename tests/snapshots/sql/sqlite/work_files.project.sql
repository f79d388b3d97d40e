SELECT l.project_id AS linked_to, t.*
FROM project_files l
JOIN files t ON t.id = l.file_id
WHERE l.project_id IN (SELECT unhex(value) FROM json_each($1))
ORDER BY t.id
