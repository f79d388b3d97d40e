SELECT e.*
FROM (
  SELECT v.position AS position
  FROM memo_event_viewers v
  WHERE v.user_id = $1
    AND v.position > $2 AND v.position <= $3
  ORDER BY v.position
  LIMIT 200
) AS missed
JOIN memo_events e ON e.position = missed.position
ORDER BY e.position
LIMIT 200
