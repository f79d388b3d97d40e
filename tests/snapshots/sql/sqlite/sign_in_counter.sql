SELECT changes
FROM sign_in_counter
WHERE id = 1
