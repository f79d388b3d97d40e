SELECT u.id
FROM users u
JOIN memos m ON m.id = $1
WHERE
  u.id = ANY($2)
  AND NOT (
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
LIMIT 1
