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
    memos.id IN (
      SELECT id
      FROM (
        SELECT memos.id AS id
        FROM memos
        WHERE memos.draft = FALSE
        ORDER BY memos.id DESC
        LIMIT 21
      ) AS part0
      UNION
      SELECT id
      FROM (
        SELECT memos.id AS id
        FROM memos
        WHERE memos.author_id = $1
          AND memos.draft = TRUE
        ORDER BY memos.id DESC
        LIMIT 21
      ) AS part1
    )
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
