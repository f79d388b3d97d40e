SELECT x.memo_id, x.created_at, x.memo_id AS row_key
FROM unread_marks x
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
  AND x.memo_id > $3
ORDER BY x.memo_id
LIMIT 50
