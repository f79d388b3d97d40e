SELECT
  "reminders"."id",
  "reminders"."memo_id",
  "reminders"."user_id",
  "reminders"."due_at",
  "reminders"."dismissed_at",
  "reminders"."fired_at",
  "reminders"."created_at"
FROM "reminders"
WHERE
  "reminders"."user_id" = $1
  AND "reminders"."memo_id" IN (
    SELECT "memos"."id"
    FROM "memos"
    WHERE
      "memos"."author_id" = $2
      OR (
        "memos"."draft" = $3
        AND (
          "memos"."recipient_id" = $4
          OR "memos"."id" IN (
            SELECT "memo_subscribers"."memo_id"
            FROM "memo_subscribers"
            WHERE "memo_subscribers"."user_id" = $5
          )
        )
      )
  )
  AND ("reminders"."due_at", "reminders"."id") > ($6, $7)
ORDER BY "reminders"."due_at" ASC, "reminders"."id" ASC
LIMIT $8
