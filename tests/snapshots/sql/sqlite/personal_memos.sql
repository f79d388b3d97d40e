SELECT m.id
FROM memos m
WHERE
  m.id IN (
    SELECT r.memo_id
    FROM reminders r
    WHERE r.user_id = $1
    UNION
    SELECT n.memo_id
    FROM unread_marks n
    WHERE n.user_id = $1
  )
ORDER BY m.id
