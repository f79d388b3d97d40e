SELECT memos.*
FROM memos
WHERE
  memos.recipient_id = $1
  AND memos.draft = FALSE
  AND (memos.name, memos.id) > ($2, $3)
  AND (memos.name, memos.id) < ($4, $5)
ORDER BY memos.name ASC, memos.id ASC
LIMIT 21
