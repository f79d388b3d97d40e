SELECT count(*) AS n
FROM memos
WHERE NOT draft
