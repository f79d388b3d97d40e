SELECT
  f.id AS id,
  f.name AS name,
  f.media_type AS media_type,
  f.size AS size,
  f.blob_sha256 AS sha256,
  f.created_at AS created_at,
  f.id AS row_key
FROM files f
WHERE
  f.uploaded_by = $1
  AND (
    $2
    OR EXISTS (
      SELECT 1
      FROM memo_files x
      WHERE
        x.file_id = f.id
        AND (
          EXISTS (
            SELECT 1
            FROM memos m
            WHERE m.id = x.memo_id
              AND (NOT m.draft OR ($2 AND m.author_id = $1))
          )
          OR EXISTS (
            SELECT 1
            FROM deleted_memos d
            WHERE d.id = x.memo_id
              AND (NOT d.draft OR ($2 AND d.author_id = $1))
          )
        )
    )
    OR EXISTS (SELECT 1 FROM task_files l WHERE l.file_id = f.id)
    OR EXISTS (SELECT 1 FROM project_files l WHERE l.file_id = f.id)
  )
  AND f.id > $3
ORDER BY f.id
LIMIT 50
