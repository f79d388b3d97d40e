SELECT
  x.id,
  x.person_id,
  x.erased_by,
  x.erased_at,
  CASE WHEN x.erased_by = $1 THEN x.reason END AS reason,
  x.id AS row_key
FROM person_erasures x
WHERE (x.person_id = $1 OR x.erased_by = $1) AND x.id > $2
ORDER BY x.id
LIMIT 50
