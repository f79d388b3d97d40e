WITH
attachments AS MATERIALIZED (
  SELECT l.memo_id, l.file_id
  FROM memo_files l
  WHERE l.memo_id = ANY($1)
)
SELECT
  l.memo_id AS linked_to,
  t.id,
  t.name,
  t.media_type,
  t.size,
  t.blob_sha256,
  t.uploaded_by,
  t.created_at,
  t.detached_at
FROM attachments l
JOIN memos m ON m.id = l.memo_id
JOIN files t ON t.id = l.file_id
