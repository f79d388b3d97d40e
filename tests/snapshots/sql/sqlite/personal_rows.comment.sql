SELECT x.id, x.memo_id, x.body, x.created_at, x.edited_at, x.id AS row_key
FROM comments x
WHERE
  x.author_id = $1
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
