INSERT INTO unread_marks (memo_id, user_id, created_at)
SELECT m.id, $1, $2
FROM memos m
WHERE
  m.id = ANY($3)
  AND $4 IN (m.author_id, m.recipient_id)
  AND $1 NOT IN (m.author_id, m.recipient_id)
  AND NOT EXISTS (
    SELECT 1
    FROM memo_subscribers s
    WHERE s.memo_id = m.id
      AND s.user_id = $1
  )
ON CONFLICT DO NOTHING
