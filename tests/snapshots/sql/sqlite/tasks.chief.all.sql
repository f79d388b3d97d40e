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
WHERE "tasks"."id" < ?
ORDER BY "tasks"."id" DESC
LIMIT ?
