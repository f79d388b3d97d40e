SELECT
  x.id,
  x.name,
  x.description,
  x.stage,
  x.draft,
  x.recipient_id,
  x.deal_id,
  x.task_id,
  x.project_id,
  x.resolution_id,
  x.review_date,
  x.sent_at,
  x.created_at,
  x.updated_at,
  x.id AS row_key
FROM memos x
WHERE x.author_id = $1 AND (NOT x.draft OR $2) AND x.id > $3
ORDER BY x.id
LIMIT 50
