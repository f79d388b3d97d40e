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
  CAST(NULL AS BLOB),
  $3
FROM memos m
WHERE m.id IN (SELECT unhex(value) FROM json_each($4))
