DELETE FROM memo_subscribers
WHERE
  ctid IN (
    SELECT x.ctid
    FROM memo_subscribers x
    JOIN memo_ids i ON i.id = x.memo_id
      AND i.erasing
    WHERE x.memo_id = ANY($1)
    LIMIT $2
  )
RETURNING memo_id
