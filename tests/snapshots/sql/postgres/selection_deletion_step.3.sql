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
  d.record_id,
  m.id,
  m.name,
  m.author_id,
  m.recipient_id,
  m.stage,
  m.draft,
  $1,
  $2,
  $3,
  d.verdict,
  d.warnings,
  d.counts,
  d.kept_files,
  d.bytes_freed,
  $4
FROM
  jsonb_to_recordset(CAST($5 AS jsonb)) AS d (
    memo_id uuid,
    record_id uuid,
    notification_id uuid,
    mail_id uuid,
    verdict text,
    warnings jsonb,
    counts jsonb,
    kept_files jsonb,
    bytes_freed bigint
  ),
  deleted_memos m
WHERE m.id = d.memo_id
