SELECT "memos"."id"
FROM "memos"
WHERE
  "memos"."author_id" = $1
  OR (
    "memos"."draft" = $2
    AND (
      "memos"."recipient_id" = $3
      OR "memos"."id" IN (
        SELECT "memo_subscribers"."memo_id"
        FROM "memo_subscribers"
        WHERE "memo_subscribers"."user_id" = $4
      )
    )
  )
