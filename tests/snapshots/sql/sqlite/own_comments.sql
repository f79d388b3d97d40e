SELECT count(*) AS n
FROM comments c
JOIN memos m ON m.id = c.memo_id
WHERE c.memo_id = $1 AND c.author_id = $2
