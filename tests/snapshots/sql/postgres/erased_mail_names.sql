UPDATE mails SET
  subject_name = NULL
WHERE
  sent_at IS NULL
  AND given_up_at IS NULL
  AND subject_name IS NOT NULL
  AND EXISTS (
    SELECT 1
    FROM notifications n
    WHERE
      n.id = mails.notification_id
      AND n.memo_id = $1
      AND n.task_id IS NULL
      AND n.project_id IS NULL
  )
