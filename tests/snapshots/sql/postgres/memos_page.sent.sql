SELECT memos.*
FROM memos
WHERE memos.author_id = $1 AND memos.draft = FALSE
ORDER BY memos.id DESC
LIMIT 21
