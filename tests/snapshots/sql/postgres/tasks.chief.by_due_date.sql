SELECT
  "tasks"."id",
  "tasks"."name",
  "tasks"."description",
  "tasks"."stage",
  "tasks"."due_date",
  "tasks"."created_by",
  "tasks"."created_at",
  "tasks"."source_memo_id"
FROM "tasks"
WHERE (COALESCE("tasks"."due_date", '9999-12-31'), "tasks"."id") < ($1, $2)
ORDER BY COALESCE("tasks"."due_date", '9999-12-31') DESC, "tasks"."id" DESC
LIMIT $3
