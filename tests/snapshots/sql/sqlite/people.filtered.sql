SELECT
  "users"."id",
  "users"."username",
  "users"."full_name",
  "users"."email",
  "users"."role",
  "users"."active",
  "users"."created_at",
  "users"."search_name",
  "users"."erased_at"
FROM "users"
WHERE
  instr("users"."search_name", ?) > ?
  AND "users"."role" IN (?)
  AND "users"."active" IN (?)
  AND ("users"."full_name", "users"."id") > (?, ?)
ORDER BY "users"."full_name" ASC, "users"."id" ASC
LIMIT ?
