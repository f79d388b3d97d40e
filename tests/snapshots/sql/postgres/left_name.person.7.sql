DELETE FROM unread_marks
WHERE
  user_id = $1
  AND NOT EXISTS (SELECT 1 FROM memos m WHERE m.id = unread_marks.memo_id)
