WITH
due_mails AS MATERIALIZED (
  SELECT id
  FROM mails
  WHERE sent_at IS NULL AND given_up_at IS NULL AND next_attempt_at <= $1
  ORDER BY next_attempt_at, id
  LIMIT 20
)
UPDATE mails SET
  attempts = attempts + 1, next_attempt_at = $2
WHERE id IN (SELECT id FROM due_mails)
RETURNING id
