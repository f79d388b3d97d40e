UPDATE deleted_memos SET
  project_id = NULL
WHERE project_id = $1
