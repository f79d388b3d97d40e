WITH
page AS MATERIALIZED (
  SELECT memos.*, found.rank AS rank
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
