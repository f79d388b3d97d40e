SELECT count(*) AS n
FROM memos
WHERE memos.author_id = $1 AND memos.draft = TRUE
