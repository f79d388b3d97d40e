SELECT m.id
FROM memos m
WHERE
  m.draft
  AND m.author_id <> $1
  AND m.id IN (SELECT t.memo_id FROM memo_tags t WHERE t.tag_id = $2)
ORDER BY m.id
