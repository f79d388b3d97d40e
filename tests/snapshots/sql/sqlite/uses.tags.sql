SELECT count(*) AS n
FROM memos m
WHERE
  (NOT m.draft OR m.author_id = $1)
  AND m.id IN (SELECT t.memo_id FROM memo_tags t WHERE t.tag_id = $2)
