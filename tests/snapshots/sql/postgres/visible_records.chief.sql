SELECT "memo_deletions"."id"
FROM "memo_deletions"
WHERE
  "memo_deletions"."author_id" = $1
  OR ("memo_deletions"."draft" = $2 AND "memo_deletions"."recipient_id" = $3)
