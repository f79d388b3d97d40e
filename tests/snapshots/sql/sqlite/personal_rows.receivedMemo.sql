SELECT
  x.id,
  x.author_id,
  x.stage,
  x.note,
  x.review_date,
  x.acted_at,
  x.sent_at,
  x.id AS row_key
FROM memos x
WHERE
  x.recipient_id = $1
  AND (NOT x.draft OR ($2 AND x.author_id = $1))
  AND x.id > $3
ORDER BY x.id
LIMIT 50
