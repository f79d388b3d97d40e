SELECT o.blob_sha256 AS content, count(*) AS n
FROM files o
WHERE
  o.blob_sha256 IN (
    SELECT t.blob_sha256
    FROM memo_files x
    JOIN memos m ON m.id = x.memo_id
    JOIN files t ON t.id = x.file_id
    WHERE x.memo_id IN (SELECT unhex(value) FROM json_each($1))
  )
  AND (
    o.uploaded_by = $2
    OR EXISTS (SELECT 1 FROM task_files y WHERE y.file_id = o.id)
    OR EXISTS (SELECT 1 FROM project_files y WHERE y.file_id = o.id)
    OR EXISTS (
      SELECT 1
      FROM memo_files y
      JOIN memos n ON n.id = y.memo_id
      WHERE
        y.file_id = o.id
        AND (NOT n.draft OR n.id IN (SELECT unhex(value) FROM json_each($1)))
    )
    OR EXISTS (
      SELECT 1
      FROM memo_files y
      JOIN deleted_memos n ON n.id = y.memo_id
      WHERE y.file_id = o.id
        AND NOT n.draft
    )
  )
GROUP BY o.blob_sha256
