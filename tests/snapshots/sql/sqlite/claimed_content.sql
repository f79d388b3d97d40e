INSERT INTO blobs (sha256, size, location, created_at, claimed_at)
VALUES (
  $1,
  $2,
  CASE
    WHEN EXISTS (SELECT 1 FROM blob_removals r WHERE r.location = $3) THEN $4
    ELSE $3
  END,
  $5,
  $5
)
ON CONFLICT (sha256) DO UPDATE SET
  claimed_at = excluded.claimed_at
RETURNING location
