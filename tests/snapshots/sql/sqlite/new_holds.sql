INSERT INTO memo_holds (id, memo_id, held_memo_id, reason, placed_by, placed_at, matter)
SELECT hold.id, hold.memo_id, hold.memo_id, $1, $2, $3, $4
FROM (
  SELECT unhex(i.value) AS id, unhex(m.value) AS memo_id
  FROM json_each($5) i
  JOIN json_each($6) m ON m.key = i.key
) AS hold
WHERE TRUE
ON CONFLICT DO NOTHING
RETURNING memo_id
