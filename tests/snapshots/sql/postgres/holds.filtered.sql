SELECT
  "memo_holds"."id",
  "memo_holds"."memo_id",
  "memo_holds"."held_memo_id",
  "memo_holds"."reason",
  "memo_holds"."placed_by",
  "memo_holds"."placed_at",
  "memo_holds"."released_by",
  "memo_holds"."released_at",
  "memo_holds"."matter"
FROM "memo_holds"
WHERE
  "memo_holds"."held_memo_id" IS NOT NULL
  AND "memo_holds"."matter" = $1
  AND "memo_holds"."memo_id" = $2
ORDER BY "memo_holds"."id" DESC
LIMIT $3
