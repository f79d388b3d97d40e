DELETE FROM reminders
WHERE
  user_id = $1
  AND NOT EXISTS (SELECT 1 FROM memos m WHERE m.id = reminders.memo_id)
