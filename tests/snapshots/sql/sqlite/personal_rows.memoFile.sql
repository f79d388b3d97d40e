SELECT x.file_id, x.memo_id, x.created_at, x.file_id AS row_key
FROM memo_files x
WHERE
  x.attached_by = $1
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
  AND x.file_id > $3
ORDER BY x.file_id
LIMIT 50
