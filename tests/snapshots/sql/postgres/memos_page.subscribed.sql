SELECT memos.*
FROM memo_subscribers s
JOIN memos ON memos.id = s.memo_id
WHERE s.user_id = $1 AND memos.draft = FALSE
ORDER BY s.memo_id DESC
LIMIT 21
