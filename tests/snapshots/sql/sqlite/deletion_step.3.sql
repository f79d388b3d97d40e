INSERT INTO
  memo_deletions (
    id,
    memo_id,
    memo_name,
    author_id,
    recipient_id,
    stage,
    draft,
    deleted_by,
    deleted_at,
    reason,
    verdict,
    warnings,
    counts,
    kept_files,
    bytes_freed,
    restorable_until
  )
SELECT
  $1,
  m.id,
  m.name,
  m.author_id,
  m.recipient_id,
  m.stage,
  m.draft,
  $2,
  $3,
  $4,
  $5,
  $6,
  $7,
  $8,
  $9,
  $10
FROM deleted_memos m
WHERE m.id = $11
