WITH
page AS MATERIALIZED (
  SELECT memos.*
  FROM memos
  WHERE
    memos.recipient_id = $1
    AND memos.draft = FALSE
    AND (memos.name, memos.id) > ($2, $3)
    AND (memos.name, memos.id) < ($4, $5)
  ORDER BY memos.name ASC, memos.id ASC
  LIMIT 21
)
SELECT
  page.*,
  (SELECT c.changes FROM sign_in_counter c WHERE c.id = 1) AS sign_in_changes,
  (SELECT d.changes FROM directory_counter d WHERE d.id = 1) AS directory_version
FROM (SELECT 1) AS answer
LEFT JOIN page ON TRUE
ORDER BY page.name ASC, page.id ASC
