SELECT
  l.project_id AS linked_to,
  t.id,
  t.name,
  t.media_type,
  t.size,
  t.blob_sha256,
  t.uploaded_by,
  t.created_at,
  t.detached_at
FROM project_files l
JOIN files t ON t.id = l.file_id
WHERE l.project_id = ANY($1)
ORDER BY t.id
