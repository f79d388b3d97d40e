SELECT c.memo_id, count(*) AS n
FROM comments c
JOIN memos m ON m.id = c.memo_id
WHERE c.memo_id = ANY($1) AND c.author_id = $2
GROUP BY c.memo_id
