DELETE FROM memo_tags
WHERE
  rowid IN (
    SELECT x.rowid
    FROM memo_tags x
    JOIN memo_ids i ON i.id = x.memo_id
      AND i.erasing
    WHERE x.memo_id IN (SELECT unhex(value) FROM json_each($1))
    LIMIT $2
  )
RETURNING memo_id
