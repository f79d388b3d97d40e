SELECT count(*) AS n
FROM (
  SELECT m.id
  FROM memos m
  WHERE
    NOT m.draft
    AND (m.author_id = $1 OR m.recipient_id = $1)
    AND m.author_id = $2
    AND m.recipient_id = $3
    AND m.deal_id = $4
    AND m.id IN (SELECT t.memo_id FROM memo_tags t WHERE t.tag_id = $5)
    AND m.sent_at >= $6
    AND m.sent_at < $7
  UNION ALL
  SELECT m.id
  FROM deleted_memos m
  WHERE
    NOT m.draft
    AND (m.author_id = $1 OR m.recipient_id = $1)
    AND m.author_id = $2
    AND m.recipient_id = $3
    AND m.deal_id = $4
    AND m.id IN (SELECT t.memo_id FROM memo_tags t WHERE t.tag_id = $5)
    AND m.sent_at >= $6
    AND m.sent_at < $7
) s
JOIN memo_holds h ON h.held_memo_id = s.id AND h.matter = $8
