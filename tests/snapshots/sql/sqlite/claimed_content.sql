INSERT INTO blobs (sha256, size, location, created_at, claimed_at)
VALUES ($1, $2, $3, $4, $4)
ON CONFLICT (sha256) DO UPDATE SET
  claimed_at = excluded.claimed_at
RETURNING location
