SELECT count(*) AS n
FROM memos
WHERE memos.recipient_id = $1 AND memos.draft = FALSE
