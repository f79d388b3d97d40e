SELECT
  x.id,
  x.memo_id,
  CASE WHEN x.placed_by = $1 THEN x.matter END AS matter,
  CASE WHEN x.placed_by = $1 THEN x.reason END AS reason,
  x.placed_by,
  x.placed_at,
  x.released_by,
  x.released_at,
  x.id AS row_key
FROM memo_holds x
WHERE (x.placed_by = $1 OR x.released_by = $1) AND x.id > $2
ORDER BY x.id
LIMIT 50
