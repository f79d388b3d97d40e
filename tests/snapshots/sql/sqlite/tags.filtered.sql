SELECT "tags"."id", "tags"."name"
FROM "tags"
WHERE
  instr(LOWER("tags"."name"), LOWER(?)) > ?
  AND ("tags"."name", "tags"."id") > (?, ?)
ORDER BY "tags"."name" ASC, "tags"."id" ASC
LIMIT ?
