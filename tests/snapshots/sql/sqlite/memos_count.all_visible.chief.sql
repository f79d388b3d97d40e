SELECT count(*) AS n
FROM (
  SELECT memos.id AS id
  FROM memos
  WHERE memos.draft = FALSE
  UNION
  SELECT memos.id AS id
  FROM memos
  WHERE memos.author_id = $1
    AND memos.draft = TRUE
) AS listed
