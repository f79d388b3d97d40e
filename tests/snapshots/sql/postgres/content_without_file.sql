SELECT b.sha256
FROM blobs b
WHERE
  b.sha256 = $1
  AND NOT EXISTS (SELECT 1 FROM files f WHERE f.blob_sha256 = b.sha256)
