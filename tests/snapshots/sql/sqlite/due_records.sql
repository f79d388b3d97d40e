SELECT r.*
FROM memo_deletions r
WHERE
  r.purged_at IS NULL
  AND r.restorable_until <= $1
  AND NOT EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = r.memo_id)
ORDER BY r.restorable_until
LIMIT 100
