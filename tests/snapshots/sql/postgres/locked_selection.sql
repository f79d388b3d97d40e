SELECT m.id
FROM memos m
WHERE
  m.id IN (
    SELECT unnest(CAST($1 AS uuid[]))
    UNION
    SELECT o.memo_id
    FROM memo_files x
    JOIN memo_files o ON o.file_id = x.file_id
    WHERE x.memo_id = ANY($1)
  )
ORDER BY m.id
FOR UPDATE
