UPDATE deleted_memos SET
  task_id = NULL
WHERE task_id = $1
