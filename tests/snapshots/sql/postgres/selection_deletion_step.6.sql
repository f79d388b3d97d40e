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
    SELECT coalesce(jsonb_agg(s.user_id), '[]')
    FROM memo_subscribers s
    WHERE s.memo_id = m.id
  ),
  CAST(m.record_id AS uuid),
  $3
FROM (
  SELECT x.*, d.record_id
  FROM
    jsonb_to_recordset(CAST($4 AS jsonb)) AS d (
      memo_id uuid,
      record_id uuid,
      notification_id uuid,
      mail_id uuid,
      verdict text,
      warnings jsonb,
      counts jsonb,
      kept_files jsonb,
      bytes_freed bigint
    )
  JOIN deleted_memos x ON x.id = d.memo_id
) m
WHERE m.id = ANY($5)
