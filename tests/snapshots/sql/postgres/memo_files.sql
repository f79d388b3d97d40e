SELECT l.memo_id AS linked_to, t.*
FROM memo_files l
JOIN memos m ON m.id = l.memo_id
JOIN files t ON t.id = l.file_id
WHERE l.memo_id = ANY($1)
ORDER BY t.id
