SELECT m.id, m.author_id, m.recipient_id
FROM memos m
WHERE
  m.id IN (
    SELECT a.id
    FROM memos a
    WHERE a.author_id = $1
      AND NOT a.draft
    UNION
    SELECT r.id
    FROM memos r
    WHERE r.recipient_id = $1
      AND NOT r.draft
  )
  AND NOT m.on_hold
ORDER BY m.id
LIMIT 1000
