SELECT
  t.id,
  t.name,
  (SELECT d.changes FROM directory_counter d WHERE d.id = 1) AS directory_version
FROM tags t
WHERE t.id = ANY($1)
