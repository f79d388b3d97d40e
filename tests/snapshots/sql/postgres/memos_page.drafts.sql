WITH
page AS MATERIALIZED (
  SELECT memos.*
  FROM memos
  WHERE memos.author_id = $1 AND memos.draft = TRUE
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
