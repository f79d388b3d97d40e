DELETE FROM comments
WHERE
  author_id = $1
  AND NOT EXISTS (SELECT 1 FROM memos m WHERE m.id = comments.memo_id)
