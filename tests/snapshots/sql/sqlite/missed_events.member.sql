SELECT
  e.id,
  e.position,
  e.memo_id,
  e.kind,
  e.actor_id,
  e.author_id,
  e.recipient_id,
  e.draft,
  e.subscriber_ids,
  e.deletion_id,
  e.occurred_at
FROM (
  SELECT v.position AS position
  FROM memo_event_viewers v
  WHERE v.user_id = $1
    AND v.position > $2 AND v.position <= $3
  ORDER BY v.position
  LIMIT 200
) AS missed
JOIN memo_events e ON e.position = missed.position
ORDER BY e.position
LIMIT 200
