SELECT last_position
FROM memo_event_counter
WHERE id = 1
