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
  "reminders"."user_id" = ?
  AND "reminders"."memo_id" IN (
    SELECT "memos"."id"
    FROM "memos"
    WHERE
      "memos"."author_id" = ?
      OR (
        "memos"."draft" = ?
        AND (
          "memos"."recipient_id" = ?
          OR "memos"."id" IN (
            SELECT "memo_subscribers"."memo_id"
            FROM "memo_subscribers"
            WHERE "memo_subscribers"."user_id" = ?
          )
        )
      )
  )
  AND "reminders"."dismissed_at" IS NULL
  AND ("reminders"."due_at", "reminders"."id") > (?, ?)
ORDER BY "reminders"."due_at" ASC, "reminders"."id" ASC
LIMIT ?
