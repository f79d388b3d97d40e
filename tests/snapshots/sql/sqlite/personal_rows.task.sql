SELECT
  x.id,
  x.name,
  x.description,
  x.stage,
  x.due_date,
  x.created_at,
  x.source_memo_id,
  x.id AS row_key
FROM tasks x
WHERE x.created_by = $1 AND x.id > $2
ORDER BY x.id
LIMIT 50
