SELECT m.*
FROM memos m
WHERE
  m.task_id = $1
  OR m.id IN (
    SELECT a.memo_id
    FROM memo_files a
    JOIN task_files w ON w.file_id = a.file_id
    WHERE w.task_id = $1
  )
ORDER BY m.id
FOR UPDATE
