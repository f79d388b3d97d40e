DELETE FROM blobs AS b
WHERE
  b.sha256 = $1
  AND NOT EXISTS (SELECT 1 FROM files f WHERE f.blob_sha256 = b.sha256)
  AND coalesce(b.claimed_at, b.created_at) <= $2
RETURNING location
