UPDATE memo_search SET
  stale = FALSE
WHERE memo_id = $1
