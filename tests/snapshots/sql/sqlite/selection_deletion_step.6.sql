INSERT INTO
  memo_events (
    memo_id,
    kind,
    actor_id,
    author_id,
    recipient_id,
    draft,
    subscriber_ids,
    deletion_id,
    occurred_at
  )
SELECT
  m.id,
  $1,
  $2,
  m.author_id,
  CASE WHEN m.draft THEN m.author_id ELSE m.recipient_id END,
  m.draft,
  (
    SELECT json_group_array(lower(hex(s.user_id)))
    FROM memo_subscribers s
    WHERE s.memo_id = m.id
  ),
  CAST(m.record_id AS BLOB),
  $3
FROM (
  SELECT x.*, d.record_id
  FROM (
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
    FROM json_each($4)
  ) AS d
  JOIN deleted_memos x ON x.id = d.memo_id
) m
WHERE m.id IN (SELECT unhex(value) FROM json_each($5))
