SELECT f.id
FROM files f
WHERE
  f.id > $1
  AND coalesce(f.detached_at, f.created_at) <= $2
  AND NOT EXISTS (SELECT 1 FROM memo_files l WHERE l.file_id = f.id)
  AND NOT EXISTS (SELECT 1 FROM task_files l WHERE l.file_id = f.id)
  AND NOT EXISTS (SELECT 1 FROM project_files l WHERE l.file_id = f.id)
ORDER BY f.id
LIMIT 100
