INSERT INTO notifications (id, user_id, kind, actor_id, memo_id, deletion_id, created_at)
SELECT
  d.notification_id,
  m.author_id,
  'MEMO_DELETED_BY_RECIPIENT',
  $1,
  m.id,
  d.record_id,
  $2
FROM
  jsonb_to_recordset(CAST($3 AS jsonb)) AS d (
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
WHERE m.id = d.memo_id AND m.author_id <> $1
