UPDATE memos SET
  author_id = CASE WHEN author_id = $1 THEN $2 ELSE author_id END,
  recipient_id = CASE WHEN recipient_id = $1 THEN $2 ELSE recipient_id END,
  version = version + 1,
  updated_at = $3
WHERE id = ANY($4)
