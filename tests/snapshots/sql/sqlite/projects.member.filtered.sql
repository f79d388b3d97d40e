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
  "projects"."created_by" = ?
  OR "projects"."id" IN (
    SELECT "project_members"."project_id"
    FROM "project_members"
    WHERE "project_members"."user_id" = ?
  )
)
  AND (
    "projects"."stage" IN (?)
    AND "projects"."id" IN (
      SELECT "project_members"."project_id"
      FROM "project_members"
      WHERE "project_members"."user_id" = ?
        AND "project_members"."part" = ?
    )
    AND ("projects"."due_date" < ? AND "projects"."stage" NOT IN (?, ?))
    AND instr(LOWER("projects"."name"), LOWER(?)) > ?
    AND "projects"."source_memo_id" IS NOT NULL
  )
  AND "projects"."id" < ?
ORDER BY "projects"."id" DESC
LIMIT ?
