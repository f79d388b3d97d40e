SELECT count(*) AS n
FROM (
  SELECT m.id
  FROM memos m
  WHERE NOT m.draft
  UNION ALL
  SELECT m.id
  FROM deleted_memos m
  WHERE NOT m.draft
) s
JOIN memo_holds h ON h.held_memo_id = s.id AND h.matter = $1
