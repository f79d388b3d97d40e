INSERT INTO idempotency_keys (user_id, key, verb, input_sha256, created_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (user_id, key) DO UPDATE SET
  verb = excluded.verb,
  input_sha256 = excluded.input_sha256,
  created_id = excluded.created_id,
  created_at = excluded.created_at
WHERE idempotency_keys.created_at <= $7
RETURNING created_id
