SELECT s.id
FROM (
  SELECT m.id
  FROM memos m
  WHERE NOT m.draft
  UNION ALL
  SELECT m.id
  FROM deleted_memos m
  WHERE NOT m.draft
) s
WHERE
  NOT EXISTS (
    SELECT 1
    FROM memo_holds h
    WHERE h.held_memo_id = s.id
      AND h.matter = $1
  )
ORDER BY s.id
LIMIT $2
