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
SELECT d.mail_id, d.notification_id, m.author_id, m.name, 0, $1, $1
FROM
  jsonb_to_recordset(CAST($2 AS jsonb)) AS d (
    memo_id uuid,
    record_id uuid,
    notification_id uuid,
    mail_id uuid,
    verdict text,
    warnings jsonb,
    counts jsonb,
    kept_files jsonb,
    bytes_freed bigint
  ),
  deleted_memos m
JOIN users u ON u.id = m.author_id AND u.active
WHERE
  m.id = d.memo_id
  AND m.author_id <> $3
  AND NOT EXISTS (
    SELECT 1
    FROM mail_opt_outs o
    WHERE o.user_id = m.author_id
      AND o.kind = 'MEMO_DELETED_BY_RECIPIENT'
  )
