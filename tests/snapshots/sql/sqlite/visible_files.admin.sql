SELECT "files"."id"
FROM "files"
WHERE
  (
    "files"."uploaded_by" = ?
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
  )
  OR EXISTS (
    SELECT "task_files"."file_id"
    FROM "task_files"
    WHERE
      "task_files"."file_id" = "files"."id"
      AND "task_files"."task_id" IN (
        SELECT "tasks"."id"
        FROM "tasks"
        WHERE
          "tasks"."created_by" = ?
          OR "tasks"."id" IN (
            SELECT "task_members"."task_id"
            FROM "task_members"
            WHERE "task_members"."user_id" = ?
          )
      )
  )
  OR EXISTS (
    SELECT "project_files"."file_id"
    FROM "project_files"
    WHERE
      "project_files"."file_id" = "files"."id"
      AND "project_files"."project_id" IN (
        SELECT "projects"."id"
        FROM "projects"
        WHERE
          "projects"."created_by" = ?
          OR "projects"."id" IN (
            SELECT "project_members"."project_id"
            FROM "project_members"
            WHERE "project_members"."user_id" = ?
          )
      )
  )
