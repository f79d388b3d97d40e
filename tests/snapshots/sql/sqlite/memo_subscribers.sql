SELECT l.memo_id AS linked_to, t.*
FROM memo_subscribers l
JOIN memos m ON m.id = l.memo_id
JOIN users t ON t.id = l.user_id
WHERE l.memo_id IN (SELECT unhex(value) FROM json_each($1))
ORDER BY t.id
