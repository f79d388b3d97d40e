SELECT
  l.memo_id AS linked_to,
  t.id,
  t.username,
  t.full_name,
  t.email,
  t.role,
  t.active,
  t.created_at,
  t.search_name,
  t.erased_at
FROM memo_subscribers l
JOIN memos m ON m.id = l.memo_id
JOIN users t ON t.id = l.user_id
WHERE l.memo_id IN (SELECT unhex(value) FROM json_each($1))
ORDER BY t.id
