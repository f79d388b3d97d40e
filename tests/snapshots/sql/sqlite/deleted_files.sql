DELETE FROM files AS f
WHERE
  f.id IN (SELECT unhex(value) FROM json_each($1))
  AND NOT EXISTS (SELECT 1 FROM memo_files l WHERE l.file_id = f.id)
  AND NOT EXISTS (SELECT 1 FROM task_files l WHERE l.file_id = f.id)
  AND NOT EXISTS (SELECT 1 FROM project_files l WHERE l.file_id = f.id)
RETURNING blob_sha256
