WITH
stale_entries AS MATERIALIZED (SELECT e.memo_id FROM memo_search e WHERE e.stale LIMIT 200)
SELECT m.id, m.name, m.description, m.note AS conclusion
FROM stale_entries
JOIN memos m ON m.id = stale_entries.memo_id
UNION ALL
SELECT m.id, m.name, m.description, m.note AS conclusion
FROM stale_entries
JOIN deleted_memos m ON m.id = stale_entries.memo_id
