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
