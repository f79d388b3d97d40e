SELECT count(*) AS n
FROM memos m
WHERE (NOT m.draft OR m.author_id = $1) AND m.deal_id = $2
