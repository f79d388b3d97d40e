SELECT "memos"."id"
FROM "memos"
WHERE "memos"."author_id" = $1 OR ("memos"."draft" = $2 AND TRUE)
