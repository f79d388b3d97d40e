SELECT
  r.id,
  r.memo_id,
  r.memo_name,
  r.author_id,
  r.recipient_id,
  r.stage,
  r.draft,
  r.deleted_by,
  r.deleted_at,
  r.reason,
  r.verdict,
  r.warnings,
  r.counts,
  r.kept_files,
  r.bytes_freed,
  r.restorable_until,
  r.restored_at,
  r.restored_by,
  r.purged_at,
  r.erased_by,
  r.erasure_reason
FROM memo_deletions r
WHERE
  r.purged_at IS NULL
  AND r.restorable_until <= $1
  AND NOT EXISTS (SELECT 1 FROM memo_holds h WHERE h.held_memo_id = r.memo_id)
ORDER BY r.restorable_until
LIMIT 100
