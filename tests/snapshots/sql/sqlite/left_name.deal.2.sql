UPDATE deleted_memos SET
  deal_id = NULL
WHERE deal_id = $1
