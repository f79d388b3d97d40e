INSERT INTO notifications (id, user_id, kind, actor_id, memo_id, deletion_id, created_at)
SELECT
  d.notification_id,
  m.author_id,
  'MEMO_DELETED_BY_RECIPIENT',
  $1,
  m.id,
  d.record_id,
  $2
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
    FROM json_each($3)
  ) AS d,
  deleted_memos m
WHERE m.id = d.memo_id AND m.author_id <> $1
