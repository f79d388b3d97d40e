DELETE FROM memo_subscribers
WHERE
  user_id = $1
  AND NOT EXISTS (SELECT 1 FROM memos m WHERE m.id = memo_subscribers.memo_id)
