SELECT memos.*
FROM memos
WHERE
  memos.id IN (
    SELECT id
    FROM (
      SELECT memos.id AS id
      FROM memos
      WHERE memos.draft = FALSE
      ORDER BY memos.id DESC
      LIMIT 21
    ) AS part0
    UNION
    SELECT id
    FROM (
      SELECT memos.id AS id
      FROM memos
      WHERE memos.author_id = $1
        AND memos.draft = TRUE
      ORDER BY memos.id DESC
      LIMIT 21
    ) AS part1
  )
ORDER BY memos.id DESC
LIMIT 21
