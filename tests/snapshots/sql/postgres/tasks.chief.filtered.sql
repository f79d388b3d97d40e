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
WHERE
  "tasks"."stage" IN ($1)
  AND "tasks"."id" IN (
    SELECT "task_members"."task_id"
    FROM "task_members"
    WHERE "task_members"."user_id" = $2
      AND "task_members"."part" = $3
  )
  AND ("tasks"."due_date" < $4 AND "tasks"."stage" NOT IN ($5, $6))
  AND strpos(LOWER("tasks"."name"), LOWER($7)) > $8
  AND "tasks"."source_memo_id" IS NOT NULL
  AND "tasks"."id" < $9
ORDER BY "tasks"."id" DESC
LIMIT $10
