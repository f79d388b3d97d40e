SELECT
  memos.id,
  EXISTS (
    SELECT 1
    FROM memo_files x
    JOIN files t ON t.id = x.file_id
    WHERE
      x.memo_id = memos.id
      AND CASE
        WHEN EXISTS (SELECT 1 FROM task_files o WHERE o.file_id = t.id) THEN 'TRANSFERRED_TO_TASK'
        WHEN EXISTS (SELECT 1 FROM project_files o WHERE o.file_id = t.id) THEN 'TRANSFERRED_TO_PROJECT'
        WHEN EXISTS (
          SELECT 1
          FROM memo_files o
          JOIN memos n ON n.id = o.memo_id
          WHERE o.file_id = t.id
            AND o.memo_id <> memos.id
        ) THEN 'ATTACHED_TO_ANOTHER_MEMO'
      END IS NULL
  ) AS loses_files,
  EXISTS (
    SELECT 1
    FROM reminders r
    JOIN users u ON u.id = r.user_id
    WHERE
      r.memo_id = memos.id
      AND r.user_id <> $1
      AND r.due_at > $2
      AND r.dismissed_at IS NULL
      AND u.active
      AND (
        memos.author_id = u.id
        OR (
          NOT memos.draft
          AND (
            memos.recipient_id = u.id
            OR u.role = 'CHIEF'
            OR EXISTS (
              SELECT 1
              FROM memo_subscribers s
              WHERE s.memo_id = memos.id
                AND s.user_id = u.id
            )
          )
        )
      )
  ) AS loses_reminders
FROM memos
WHERE memos.id IN (SELECT unhex(value) FROM json_each($3))
