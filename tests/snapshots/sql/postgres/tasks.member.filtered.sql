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
  "tasks"."created_by" = $1
  OR "tasks"."id" IN (
    SELECT "task_members"."task_id"
    FROM "task_members"
    WHERE "task_members"."user_id" = $2
  )
)
  AND (
    "tasks"."stage" IN ($3)
    AND "tasks"."id" IN (
      SELECT "task_members"."task_id"
      FROM "task_members"
      WHERE "task_members"."user_id" = $4
        AND "task_members"."part" = $5
    )
    AND ("tasks"."due_date" < $6 AND "tasks"."stage" NOT IN ($7, $8))
    AND strpos(LOWER("tasks"."name"), LOWER($9)) > $10
    AND "tasks"."source_memo_id" IS NOT NULL
  )
  AND "tasks"."id" < $11
ORDER BY "tasks"."id" DESC
LIMIT $12
