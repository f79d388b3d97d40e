UPDATE deleted_memos SET
  comment_count = comment_count - (
    SELECT count(*)
    FROM comments c
    WHERE c.memo_id = deleted_memos.id
      AND c.author_id = $1
  )
WHERE id IN (SELECT c.memo_id FROM comments c WHERE c.author_id = $1)
