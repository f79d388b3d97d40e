UPDATE memo_events SET
  position = CAST($1 AS bigint) + unplaced.n
FROM (
  SELECT id, row_number() OVER (ORDER BY id) AS n
  FROM memo_events
  WHERE position IS NULL
) AS unplaced
WHERE memo_events.id = unplaced.id
