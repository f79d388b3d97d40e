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
WHERE ("users"."full_name", "users"."id") > ($1, $2)
ORDER BY "users"."full_name" ASC, "users"."id" ASC
LIMIT $3
