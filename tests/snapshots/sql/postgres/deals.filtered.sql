SELECT
  "deals"."id",
  "deals"."name",
  "deals"."stage",
  "deals"."due_date",
  "deals"."created_at"
FROM "deals"
WHERE strpos(LOWER("deals"."name"), LOWER($1)) > $2 AND "deals"."stage" IN ($3)
ORDER BY "deals"."id" DESC
LIMIT $4
