SELECT
  "projects"."id",
  "projects"."name",
  "projects"."description",
  "projects"."stage",
  "projects"."due_date",
  "projects"."created_by",
  "projects"."created_at",
  "projects"."source_memo_id"
FROM "projects"
WHERE (
  "projects"."created_by" = $1
  OR "projects"."id" IN (
    SELECT "project_members"."project_id"
    FROM "project_members"
    WHERE "project_members"."user_id" = $2
  )
)
  AND (
    "projects"."stage" IN ($3)
    AND "projects"."id" IN (
      SELECT "project_members"."project_id"
      FROM "project_members"
      WHERE "project_members"."user_id" = $4
        AND "project_members"."part" = $5
    )
    AND ("projects"."due_date" < $6 AND "projects"."stage" NOT IN ($7, $8))
    AND strpos(LOWER("projects"."name"), LOWER($9)) > $10
    AND "projects"."source_memo_id" IS NOT NULL
  )
  AND "projects"."id" < $11
ORDER BY "projects"."id" DESC
LIMIT $12
