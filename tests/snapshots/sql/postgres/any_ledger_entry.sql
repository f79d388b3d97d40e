SELECT
  c.last_position,
  (
    coalesce((SELECT min(kept.position) - 1 FROM memo_events kept), c.last_position) > $1
    OR EXISTS (SELECT 1 FROM ledger_entries)
    OR EXISTS (
      SELECT 1
      FROM memo_events e
      WHERE
        e.position > $1
        AND e.position <= c.last_position
        AND e.kind IN ('DELETED', 'RESTORED')
    )
  ) AS is_there
FROM memo_event_counter c
WHERE c.id = 1
