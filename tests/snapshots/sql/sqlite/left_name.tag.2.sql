DELETE FROM memo_tags
WHERE
  tag_id = $1
  AND NOT EXISTS (SELECT 1 FROM memos m WHERE m.id = memo_tags.memo_id)
