SELECT count(*) AS n
FROM (
  SELECT memos.id AS id
  FROM memos
  WHERE memos.recipient_id = $1
    AND memos.draft = FALSE
  UNION
  SELECT memos.id AS id
  FROM memos
  WHERE memos.author_id = $1
    AND memos.draft = FALSE
  UNION
  SELECT s.memo_id AS id
  FROM memo_subscribers s
  JOIN memos ON memos.id = s.memo_id
  WHERE s.user_id = $1
    AND memos.draft = FALSE
  UNION
  SELECT memos.id AS id
  FROM memos
  WHERE memos.author_id = $1
    AND memos.draft = TRUE
) AS listed
