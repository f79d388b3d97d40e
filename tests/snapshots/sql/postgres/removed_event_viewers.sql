DELETE FROM memo_event_viewers
WHERE
  position < coalesce(
    (SELECT min(e.position) FROM memo_events e),
    (SELECT c.last_position + 1 FROM memo_event_counter c WHERE c.id = 1)
  )
