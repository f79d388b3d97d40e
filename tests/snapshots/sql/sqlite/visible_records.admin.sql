SELECT "memo_deletions"."id"
FROM "memo_deletions"
WHERE "memo_deletions"."author_id" = ? OR "memo_deletions"."draft" = ?
