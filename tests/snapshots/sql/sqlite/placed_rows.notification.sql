UPDATE notifications SET
  position = CAST($1 AS bigint) + unplaced.n
FROM (
  SELECT id, row_number() OVER (ORDER BY id) AS n
  FROM notifications
  WHERE position IS NULL
) AS unplaced
WHERE notifications.id = unplaced.id
