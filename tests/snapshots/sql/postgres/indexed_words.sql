UPDATE memo_search e SET
  words = CAST(n.words AS tsvector), stale = FALSE
FROM unnest(CAST($1 AS uuid[]), CAST($2 AS text[])) AS n (id, words)
WHERE e.memo_id = n.id
