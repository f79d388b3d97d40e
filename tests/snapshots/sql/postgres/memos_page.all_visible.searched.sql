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
    WITH
    searched AS MATERIALIZED (
      SELECT
        CAST(CAST($1 AS text) AS tsquery) AS by_name,
        CAST(CAST($2 AS text) AS tsquery) AS by_open_text,
        CAST(CAST($3 AS text) AS tsquery) AS by_any
    )
    SELECT
      e.memo_id,
      CASE
        WHEN e.words @@ searched.by_name THEN 2
        WHEN e.words @@ searched.by_open_text THEN 1
        ELSE 0
      END AS rank
    FROM searched
    JOIN memo_search e ON e.words @@ searched.by_any
  ) AS found
  JOIN memos ON memos.id = found.memo_id
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
