SELECT
  coalesce((SELECT min(e.position) - 1 FROM memo_events e), c.last_position) AS before_first
FROM memo_event_counter c
WHERE c.id = 1
