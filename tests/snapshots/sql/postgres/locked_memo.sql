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
  m.recipient_comment_count,
  EXISTS (
    SELECT 1
    FROM memo_subscribers s
    WHERE s.memo_id = m.id
      AND s.user_id = $1
  ) AS is_subscriber
FROM memos m
WHERE m.id = $2
FOR UPDATE
