SELECT
  m.id,
  m.name,
  m.description,
  m.note,
  m.author_id,
  m.recipient_id,
  m.stage,
  m.draft,
  m.review_date,
  m.deal_id,
  m.task_id,
  m.project_id,
  m.resolution_id,
  m.sent_at,
  m.acted_at,
  m.acted_stage,
  m.created_at,
  m.updated_at,
  m.version,
  m.revision,
  m.on_hold,
  m.comment_count,
  m.author_comment_count,
  m.recipient_comment_count
FROM memos m
WHERE
  m.project_id = $1
  OR m.id IN (
    SELECT a.memo_id
    FROM memo_files a
    JOIN project_files w ON w.file_id = a.file_id
    WHERE w.project_id = $1
  )
ORDER BY m.id
FOR UPDATE
