INSERT INTO
  mails (
    id,
    notification_id,
    user_id,
    subject_name,
    attempts,
    next_attempt_at,
    created_at
  )
SELECT $1, $2, m.author_id, m.name, 0, $3, $3
FROM deleted_memos m
JOIN users u ON u.id = m.author_id AND u.active
WHERE
  m.id = $4
  AND m.author_id <> $5
  AND NOT EXISTS (
    SELECT 1
    FROM mail_opt_outs o
    WHERE o.user_id = m.author_id
      AND o.kind = 'MEMO_DELETED_BY_RECIPIENT'
  )
