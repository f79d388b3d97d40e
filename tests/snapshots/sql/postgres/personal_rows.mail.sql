SELECT
  x.id,
  x.notification_id,
  x.attempts,
  x.last_error,
  x.created_at,
  x.sent_at,
  x.given_up_at,
  x.id AS row_key
FROM mails x
WHERE x.user_id = $1 AND x.id > $2
ORDER BY x.id
LIMIT 50
