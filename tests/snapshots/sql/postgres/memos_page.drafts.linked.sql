WITH
page AS MATERIALIZED (
  SELECT
    memos.id,
    memos.name,
    memos.description,
    memos.note,
    memos.author_id,
    memos.recipient_id,
    memos.stage,
    memos.draft,
    memos.review_date,
    memos.deal_id,
    memos.task_id,
    memos.project_id,
    memos.resolution_id,
    memos.sent_at,
    memos.acted_at,
    memos.acted_stage,
    memos.created_at,
    memos.updated_at,
    memos.version,
    memos.revision,
    memos.on_hold,
    memos.comment_count,
    memos.author_comment_count,
    memos.recipient_comment_count
  FROM memos
  WHERE memos.author_id = $1 AND memos.draft = TRUE
  ORDER BY memos.id DESC
  LIMIT 21
)
SELECT
  page.*,
  (
    SELECT array_agg(l.user_id)
    FROM memo_subscribers l
    WHERE l.memo_id = page.id
  ) AS subscriber_ids,
  (SELECT array_agg(l.tag_id) FROM memo_tags l WHERE l.memo_id = page.id) AS tag_ids,
  EXISTS (
    SELECT 1
    FROM memo_subscribers l
    WHERE l.memo_id = page.id
      AND l.user_id = $1
  ) AS viewer_subscribes,
  EXISTS (
    SELECT 1
    FROM unread_marks l
    WHERE l.memo_id = page.id
      AND l.user_id = $1
  ) AS viewer_has_not_read,
  EXISTS (
    SELECT 1
    FROM memo_files x
    JOIN files t ON t.id = x.file_id
    WHERE
      x.memo_id = page.id
      AND CASE
        WHEN EXISTS (SELECT 1 FROM task_files o WHERE o.file_id = t.id) THEN 'TRANSFERRED_TO_TASK'
        WHEN EXISTS (SELECT 1 FROM project_files o WHERE o.file_id = t.id) THEN 'TRANSFERRED_TO_PROJECT'
        WHEN EXISTS (
          SELECT 1
          FROM memo_files o
          JOIN memos n ON n.id = o.memo_id
          WHERE o.file_id = t.id
            AND o.memo_id <> page.id
        ) THEN 'ATTACHED_TO_ANOTHER_MEMO'
      END IS NULL
  ) AS loses_files,
  EXISTS (
    SELECT 1
    FROM reminders r
    JOIN users u ON u.id = r.user_id
    WHERE
      r.memo_id = page.id
      AND r.user_id <> $1
      AND r.due_at > $2
      AND r.dismissed_at IS NULL
      AND u.active
      AND (
        page.author_id = u.id
        OR (
          NOT page.draft
          AND (
            page.recipient_id = u.id
            OR u.role = 'CHIEF'
            OR EXISTS (
              SELECT 1
              FROM memo_subscribers s
              WHERE s.memo_id = page.id
                AND s.user_id = u.id
            )
          )
        )
      )
  ) AS loses_reminders,
  task.id AS task__id,
  task.name AS task__name,
  task.description AS task__description,
  task.stage AS task__stage,
  task.due_date AS task__due_date,
  task.created_by AS task__created_by,
  task.created_at AS task__created_at,
  task.source_memo_id AS task__source_memo_id,
  project.id AS project__id,
  project.name AS project__name,
  project.description AS project__description,
  project.stage AS project__stage,
  project.due_date AS project__due_date,
  project.created_by AS project__created_by,
  project.created_at AS project__created_at,
  project.source_memo_id AS project__source_memo_id,
  (SELECT c.changes FROM sign_in_counter c WHERE c.id = 1) AS sign_in_changes,
  (SELECT d.changes FROM directory_counter d WHERE d.id = 1) AS directory_version
FROM (SELECT 1) AS answer
LEFT JOIN page ON TRUE
LEFT JOIN
  tasks AS task ON task.id = page.task_id
  AND (
    task.created_by = $1
    OR FALSE
    OR EXISTS (
      SELECT 1
      FROM task_members w
      WHERE w.task_id = task.id
        AND w.user_id = $1
    )
  )
LEFT JOIN
  projects AS project ON project.id = page.project_id
  AND (
    project.created_by = $1
    OR FALSE
    OR EXISTS (
      SELECT 1
      FROM project_members w
      WHERE w.project_id = project.id
        AND w.user_id = $1
    )
  )
ORDER BY page.id DESC
