SELECT m.id, m.on_hold, FALSE AS is_deleted
FROM memos m
WHERE m.id = ANY($1)
UNION ALL
SELECT d.id, d.on_hold, TRUE AS is_deleted
FROM deleted_memos d
WHERE d.id = ANY($1)
