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
  (
    SELECT
      unhex(value ->> 'memo_id') AS memo_id,
      unhex(value ->> 'record_id') AS record_id,
      unhex(value ->> 'notification_id') AS notification_id,
      unhex(value ->> 'mail_id') AS mail_id,
      value ->> 'verdict' AS verdict,
      value -> 'warnings' AS warnings,
      value -> 'counts' AS counts,
      value -> 'kept_files' AS kept_files,
      value ->> 'bytes_freed' AS bytes_freed
    FROM json_each($5)
  ) AS d,
  deleted_memos m
WHERE m.id = d.memo_id
