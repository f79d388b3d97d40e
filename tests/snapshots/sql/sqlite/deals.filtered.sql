SELECT
  "deals"."id",
  "deals"."name",
  "deals"."stage",
  "deals"."due_date",
  "deals"."created_at"
FROM "deals"
WHERE instr(LOWER("deals"."name"), LOWER(?)) > ? AND "deals"."stage" IN (?)
ORDER BY "deals"."id" DESC
LIMIT ?
