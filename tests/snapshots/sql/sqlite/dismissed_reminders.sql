UPDATE reminders SET
  dismissed_at = $1
WHERE
  memo_id = $2
  AND user_id IN (SELECT unhex(value) FROM json_each($3))
  AND dismissed_at IS NULL
  AND fired_at IS NULL
  AND NOT EXISTS (
    SELECT 1
    FROM memos m
    JOIN users u ON u.id = reminders.user_id
    WHERE
      m.id = reminders.memo_id
      AND (
        m.author_id = u.id
        OR (
          NOT m.draft
          AND (
            m.recipient_id = u.id
            OR u.role = 'CHIEF'
            OR EXISTS (
              SELECT 1
              FROM memo_subscribers s
              WHERE s.memo_id = m.id
                AND s.user_id = u.id
            )
          )
        )
      )
  )
