WITH
page AS MATERIALIZED (
  SELECT
    memos.id,
    memos.name,
    memos.description,
    memos.note,
    memos.author_id,
    memos.recipient_id,
    memos.stage,
    memos.draft,
    memos.review_date,
    memos.deal_id,
    memos.task_id,
    memos.project_id,
    memos.resolution_id,
    memos.sent_at,
    memos.acted_at,
    memos.acted_stage,
    memos.created_at,
    memos.updated_at,
    memos.version,
    memos.revision,
    memos.on_hold,
    memos.comment_count,
    memos.author_comment_count,
    memos.recipient_comment_count
  FROM memos
  WHERE
    memos.recipient_id = $1
    AND memos.draft = FALSE
    AND memos.stage IN ($2, $3, $4)
    AND memos.author_id = $5
    AND memos.recipient_id = $6
    AND memos.deal_id = $7
    AND (
      memos.author_id = $8
      OR memos.recipient_id = $8
      OR EXISTS (
        SELECT 1
        FROM memo_subscribers p
        WHERE p.memo_id = memos.id
          AND p.user_id = $8
      )
    )
    AND memos.id IN (SELECT t.memo_id FROM memo_tags t WHERE t.tag_id = $9)
    AND memos.created_at >= $10
    AND memos.created_at < $11
    AND memos.sent_at >= $12
    AND memos.sent_at < $13
    AND memos.review_date >= $14
    AND memos.review_date <= $15
    AND memos.task_id IS NOT NULL
    AND memos.project_id IS NULL
    AND EXISTS (SELECT 1 FROM memo_files f WHERE f.memo_id = memos.id)
    AND (
      memos.review_date IS NOT NULL
      AND memos.review_date < $16
      AND memos.stage <> $17
    )
    AND memos.id IN (SELECT u.memo_id FROM unread_marks u WHERE u.user_id = $1)
  ORDER BY memos.id DESC
  LIMIT 21
)
SELECT
  page.*,
  (SELECT c.changes FROM sign_in_counter c WHERE c.id = 1) AS sign_in_changes,
  (SELECT d.changes FROM directory_counter d WHERE d.id = 1) AS directory_version
FROM (SELECT 1) AS answer
LEFT JOIN page ON TRUE
ORDER BY page.id DESC
