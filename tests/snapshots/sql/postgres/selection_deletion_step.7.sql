UPDATE memos SET
  revision = revision + 1
WHERE
  id IN (
    SELECT o.memo_id
    FROM memo_files x
    JOIN memo_files o ON o.file_id = x.file_id
    WHERE x.memo_id = ANY($1)
  )
