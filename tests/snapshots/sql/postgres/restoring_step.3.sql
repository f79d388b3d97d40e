UPDATE memos SET
  revision = revision + 1
WHERE id = $1
