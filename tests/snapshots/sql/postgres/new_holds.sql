INSERT INTO memo_holds (id, memo_id, held_memo_id, reason, placed_by, placed_at, matter)
SELECT hold.id, hold.memo_id, hold.memo_id, $1, $2, $3, $4
FROM unnest(CAST($5 AS uuid[]), CAST($6 AS uuid[])) AS hold (id, memo_id)
WHERE TRUE
ON CONFLICT DO NOTHING
RETURNING memo_id
