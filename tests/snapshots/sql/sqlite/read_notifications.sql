WITH
unread_notifications AS MATERIALIZED (
  SELECT id
  FROM notifications
  WHERE user_id = $1 AND read_at IS NULL AND created_at <= $2
  ORDER BY id
)
UPDATE notifications SET
  read_at = $3
WHERE id IN (SELECT id FROM unread_notifications)
