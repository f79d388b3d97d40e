INSERT INTO memo_search (memo_id, words, stale)
SELECT n.id, CAST(n.words AS tsvector), FALSE
FROM unnest(CAST($1 AS uuid[]), CAST($2 AS text[])) AS n (id, words)
