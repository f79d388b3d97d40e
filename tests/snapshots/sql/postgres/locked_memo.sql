SELECT
  m.*,
  EXISTS (
    SELECT 1
    FROM memo_subscribers s
    WHERE s.memo_id = m.id
      AND s.user_id = $1
  ) AS is_subscriber
FROM memos m
WHERE m.id = $2
FOR UPDATE
