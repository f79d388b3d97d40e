SELECT l.memo_id AS linked_to, t.id, t.name
FROM memo_tags l
JOIN memos m ON m.id = l.memo_id
JOIN tags t ON t.id = l.tag_id
WHERE l.memo_id = ANY($1)
ORDER BY t.name
