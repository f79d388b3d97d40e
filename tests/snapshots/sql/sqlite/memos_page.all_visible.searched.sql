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
    memos.recipient_comment_count,
    found.rank AS rank
  FROM (
    SELECT
      e.memo_id,
      CASE
        WHEN e.entry IN (SELECT rowid FROM memo_words WHERE memo_words MATCH $1) THEN 2
        WHEN e.entry IN (SELECT rowid FROM memo_words WHERE memo_words MATCH $2) THEN 1
        ELSE 0
      END AS rank
    FROM memo_search e
    WHERE e.entry IN (SELECT rowid FROM memo_words WHERE memo_words MATCH $3)
  ) AS found
  CROSS JOIN memos ON memos.id = found.memo_id
  WHERE (
    memos.recipient_id = $4
    AND memos.draft = FALSE
    OR memos.author_id = $4
    AND memos.draft = FALSE
    OR EXISTS (
      SELECT 1
      FROM memo_subscribers s
      WHERE s.memo_id = memos.id
        AND s.user_id = $4
    )
    AND memos.draft = FALSE
    OR memos.author_id = $4
    AND memos.draft = TRUE
  )
    AND (found.rank > 0 OR (memos.author_id = $4 OR memos.recipient_id = $4))
  ORDER BY found.rank DESC, memos.id DESC
  LIMIT 21
)
SELECT
  page.*,
  (SELECT c.changes FROM sign_in_counter c WHERE c.id = 1) AS sign_in_changes,
  (SELECT d.changes FROM directory_counter d WHERE d.id = 1) AS directory_version
FROM (SELECT 1) AS answer
LEFT JOIN page ON TRUE
ORDER BY page.rank DESC, page.id DESC
