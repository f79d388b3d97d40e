SELECT last_position
FROM notification_counter
WHERE id = 1
