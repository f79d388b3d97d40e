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
WHERE (
  "tasks"."created_by" = ?
  OR "tasks"."id" IN (
    SELECT "task_members"."task_id"
    FROM "task_members"
    WHERE "task_members"."user_id" = ?
  )
)
  AND TRUE
  AND "tasks"."id" < ?
ORDER BY "tasks"."id" DESC
LIMIT ?
