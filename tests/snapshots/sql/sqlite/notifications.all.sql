SELECT
  "notifications"."id",
  "notifications"."position",
  "notifications"."user_id",
  "notifications"."kind",
  "notifications"."actor_id",
  "notifications"."memo_id",
  "notifications"."task_id",
  "notifications"."project_id",
  "notifications"."deletion_id",
  "notifications"."created_at",
  "notifications"."read_at"
FROM "notifications"
WHERE "notifications"."user_id" = ?
ORDER BY "notifications"."id" DESC
LIMIT ?
