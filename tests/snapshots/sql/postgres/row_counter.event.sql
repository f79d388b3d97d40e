SELECT c.last_position
FROM memo_event_counter c
WHERE c.id = 1
FOR UPDATE
