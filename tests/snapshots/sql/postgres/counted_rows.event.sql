UPDATE memo_event_counter SET
  last_position = last_position + CAST($1 AS bigint)
WHERE id = 1
