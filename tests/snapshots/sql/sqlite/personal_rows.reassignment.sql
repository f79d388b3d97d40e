SELECT
  x.id,
  x.from_user_id,
  x.to_user_id,
  x.reassigned_by,
  x.reassigned_at,
  x.memo_count,
  x.id AS row_key
FROM memo_reassignments x
WHERE
  (x.from_user_id = $1 OR x.to_user_id = $1 OR x.reassigned_by = $1)
  AND x.id > $2
ORDER BY x.id
LIMIT 50
