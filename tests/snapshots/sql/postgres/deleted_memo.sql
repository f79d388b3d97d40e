SELECT
  d.id,
  d.name,
  d.description,
  d.note,
  d.author_id,
  d.recipient_id,
  d.stage,
  d.draft,
  d.review_date,
  d.deal_id,
  d.task_id,
  d.project_id,
  d.resolution_id,
  d.sent_at,
  d.acted_at,
  d.acted_stage,
  d.created_at,
  d.updated_at,
  d.version,
  d.revision,
  d.on_hold,
  d.comment_count,
  d.author_comment_count,
  d.recipient_comment_count
FROM deleted_memos d
WHERE d.id = $1
FOR UPDATE
