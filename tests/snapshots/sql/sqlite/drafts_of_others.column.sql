SELECT m.id
FROM memos m
WHERE m.draft AND m.author_id <> $1 AND m.deal_id = $2
ORDER BY m.id
