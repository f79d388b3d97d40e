SELECT
  x.id,
  x.memo_id,
  x.author_id,
  x.recipient_id,
  x.deleted_by,
  x.deleted_at,
  CASE WHEN x.deleted_by = $1 THEN x.reason END AS reason,
  x.restored_by,
  x.restored_at,
  x.erased_by,
  x.purged_at,
  CASE WHEN x.erased_by = $1 THEN x.erasure_reason END AS erasure_reason,
  x.id AS row_key
FROM memo_deletions x
WHERE
  (NOT x.draft OR ($2 AND x.author_id = $1))
  AND (
    x.author_id = $1
    OR x.recipient_id = $1
    OR x.deleted_by = $1
    OR x.restored_by = $1
    OR x.erased_by = $1
  )
  AND x.id > $3
ORDER BY x.id
LIMIT 50
