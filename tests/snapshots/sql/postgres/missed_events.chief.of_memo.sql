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
  SELECT e.position AS position
  FROM memo_events e
  WHERE
    e.memo_id = $1
    AND (
      NOT e.draft
      OR EXISTS (
        SELECT 1
        FROM memo_event_viewers v
        WHERE v.user_id = $2
          AND v.position = e.position
      )
    )
    AND e.position > $3
    AND e.position <= $4
  ORDER BY e.position
  LIMIT 200
) AS missed
JOIN memo_events e ON e.position = missed.position
ORDER BY e.position
LIMIT 200
