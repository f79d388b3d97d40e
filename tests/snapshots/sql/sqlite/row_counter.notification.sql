SELECT c.last_position
FROM notification_counter c
WHERE c.id = 1
