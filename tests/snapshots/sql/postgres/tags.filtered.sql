SELECT "tags"."id", "tags"."name"
FROM "tags"
WHERE
  strpos(LOWER("tags"."name"), LOWER($1)) > $2
  AND ("tags"."name", "tags"."id") > ($3, $4)
ORDER BY "tags"."name" ASC, "tags"."id" ASC
LIMIT $5
