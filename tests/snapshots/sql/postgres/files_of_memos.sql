SELECT DISTINCT a.file_id
FROM memo_files a
JOIN memo_ids i ON i.id = a.memo_id
WHERE a.file_id = ANY($1)
