SELECT "files"."id"
FROM "files"
WHERE
  (
    "files"."uploaded_by" = $1
    AND (
      NOT EXISTS (
        SELECT "memo_files"."file_id"
        FROM "memo_files"
        WHERE "memo_files"."file_id" = "files"."id"
      )
    )
    AND (
      NOT EXISTS (
        SELECT "task_files"."file_id"
        FROM "task_files"
        WHERE "task_files"."file_id" = "files"."id"
      )
    )
    AND (
      NOT EXISTS (
        SELECT "project_files"."file_id"
        FROM "project_files"
        WHERE "project_files"."file_id" = "files"."id"
      )
    )
  )
  OR EXISTS (
    SELECT "memo_files"."file_id"
    FROM "memo_files"
    WHERE
      "memo_files"."file_id" = "files"."id"
      AND "memo_files"."memo_id" IN (
        SELECT "memos"."id"
        FROM "memos"
        WHERE "memos"."author_id" = $2
          OR ("memos"."draft" = $3 AND TRUE)
      )
  )
  OR EXISTS (
    SELECT "task_files"."file_id"
    FROM "task_files"
    WHERE
      "task_files"."file_id" = "files"."id"
      AND "task_files"."task_id" IN (SELECT "tasks"."id" FROM "tasks" WHERE TRUE)
  )
  OR EXISTS (
    SELECT "project_files"."file_id"
    FROM "project_files"
    WHERE
      "project_files"."file_id" = "files"."id"
      AND "project_files"."project_id" IN (SELECT "projects"."id" FROM "projects" WHERE TRUE)
  )
