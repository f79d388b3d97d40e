SELECT
  x.id,
  x.memo_id,
  x.due_at,
  x.dismissed_at,
  x.fired_at,
  x.created_at,
  x.id AS row_key
FROM reminders x
WHERE
  x.user_id = $1
  AND (
    EXISTS (
      SELECT 1
      FROM memos m
      WHERE m.id = x.memo_id
        AND (NOT m.draft OR ($2 AND m.author_id = $1))
    )
    OR EXISTS (
      SELECT 1
      FROM deleted_memos d
      WHERE d.id = x.memo_id
        AND (NOT d.draft OR ($2 AND d.author_id = $1))
    )
  )
  AND x.id > $3
ORDER BY x.id
LIMIT 50
