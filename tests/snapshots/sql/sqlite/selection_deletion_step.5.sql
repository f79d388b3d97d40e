INSERT INTO
  mails (
    id,
    notification_id,
    user_id,
    subject_name,
    attempts,
    next_attempt_at,
    created_at
  )
SELECT d.mail_id, d.notification_id, m.author_id, m.name, 0, $1, $1
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
    FROM json_each($2)
  ) AS d,
  deleted_memos m
JOIN users u ON u.id = m.author_id AND u.active
WHERE
  m.id = d.memo_id
  AND m.author_id <> $3
  AND NOT EXISTS (
    SELECT 1
    FROM mail_opt_outs o
    WHERE o.user_id = m.author_id
      AND o.kind = 'MEMO_DELETED_BY_RECIPIENT'
  )
