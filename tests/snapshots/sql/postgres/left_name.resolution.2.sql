UPDATE deleted_memos SET
  resolution_id = NULL
WHERE resolution_id = $1
