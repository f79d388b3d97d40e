SELECT
  e.position,
  e.kind,
  e.memo_id,
  e.occurred_at,
  r.id AS deletion_id,
  r.deleted_by,
  r.deleted_at,
  r.restorable_until,
  r.restored_by,
  r.restored_at
FROM memo_events e
JOIN
  memo_deletions r ON r.id = coalesce(
    e.deletion_id,
    (
      SELECT restored.id
      FROM memo_deletions restored
      WHERE restored.memo_id = e.memo_id
        AND restored.restored_at <= e.occurred_at
      ORDER BY restored.restored_at DESC, restored.id DESC
      LIMIT 1
    )
  )
WHERE e.position > $1 AND e.position <= $2 AND e.kind IN ('DELETED', 'RESTORED')
ORDER BY e.position
LIMIT 500
