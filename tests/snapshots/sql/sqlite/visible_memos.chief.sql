SELECT "memos"."id"
FROM "memos"
WHERE "memos"."author_id" = ? OR ("memos"."draft" = ? AND TRUE)
