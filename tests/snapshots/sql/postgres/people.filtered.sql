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
  strpos("users"."search_name", $1) > $2
  AND "users"."role" IN ($3)
  AND "users"."active" IN ($4)
  AND ("users"."full_name", "users"."id") > ($5, $6)
ORDER BY "users"."full_name" ASC, "users"."id" ASC
LIMIT $7
