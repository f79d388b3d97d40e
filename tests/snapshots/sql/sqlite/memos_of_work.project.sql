SELECT m.*
FROM memos m
WHERE
  m.project_id = $1
  OR m.id IN (
    SELECT a.memo_id
    FROM memo_files a
    JOIN project_files w ON w.file_id = a.file_id
    WHERE w.project_id = $1
  )
ORDER BY m.id
