SELECT
  m.id,
  m.name,
  m.description,
  m.note,
  m.author_id,
  m.recipient_id,
  m.stage,
  m.draft,
  m.review_date,
  m.deal_id,
  m.task_id,
  m.project_id,
  m.resolution_id,
  m.sent_at,
  m.acted_at,
  m.acted_stage,
  m.created_at,
  m.updated_at,
  m.version,
  m.revision,
  m.on_hold,
  m.comment_count,
  m.author_comment_count,
  m.recipient_comment_count,
  (
    SELECT array_agg(x.user_id)
    FROM memo_subscribers x
    WHERE x.memo_id = m.id
  ) AS people,
  (SELECT array_agg(x.tag_id) FROM memo_tags x WHERE x.memo_id = m.id) AS tags,
  task.name AS task_name,
  (
    task.created_by = $1
    OR $2
    OR EXISTS (
      SELECT 1
      FROM task_members w
      WHERE w.task_id = task.id
        AND w.user_id = $1
    )
  ) AS viewer_sees_task,
  project.name AS project_name,
  (
    project.created_by = $1
    OR $2
    OR EXISTS (
      SELECT 1
      FROM project_members w
      WHERE w.project_id = project.id
        AND w.user_id = $1
    )
  ) AS viewer_sees_project,
  (
    SELECT json_agg(json_build_array((t.id)::text, t.beginning))::text
    FROM (
      SELECT c.id, substr(c.body, 1, 80) AS beginning
      FROM comments c
      WHERE c.memo_id = m.id
        AND c.id > $3
      ORDER BY c.id
      LIMIT $4
    ) AS t
  ) AS comments,
  (
    SELECT
      json_agg(
        json_build_array(
          (t.id)::text,
          substr(replace (CAST(t.due_at AS text), 'T', ' '), 1, 16) || ' UTC',
          (t.user_id)::text,
          CAST(t.due_at > $5 AND t.dismissed_at IS NULL AS integer)
        )
      )::text
    FROM reminders t
    WHERE t.memo_id = m.id
  ) AS reminders,
  (SELECT array_agg(x.user_id) FROM unread_marks x WHERE x.memo_id = m.id) AS unread_marks,
  (
    SELECT
      json_agg(
        json_build_array(
          (t.id)::text,
          t.name,
          CASE
            WHEN EXISTS (SELECT 1 FROM task_files o WHERE o.file_id = t.id) THEN 'TRANSFERRED_TO_TASK'
            WHEN EXISTS (SELECT 1 FROM project_files o WHERE o.file_id = t.id) THEN 'TRANSFERRED_TO_PROJECT'
            WHEN EXISTS (
              SELECT 1
              FROM memo_files o
              JOIN memo_ids n ON n.id = o.memo_id
              WHERE o.file_id = t.id
                AND o.memo_id <> m.id
            ) THEN 'ATTACHED_TO_ANOTHER_MEMO'
          END,
          t.blob_sha256,
          t.size,
          CAST(
            EXISTS (
              SELECT 1
              FROM files o
              WHERE o.blob_sha256 = t.blob_sha256
                AND o.id <> t.id
            ) AS integer
          )
        )
      )::text
    FROM memo_files x
    JOIN files t ON t.id = x.file_id
    WHERE x.memo_id = m.id
  ) AS files,
  (SELECT c.changes FROM sign_in_counter c WHERE c.id = 1) AS sign_in_changes,
  (SELECT d.changes FROM directory_counter d WHERE d.id = 1) AS directory_version
FROM deleted_memos m
LEFT JOIN tasks task ON task.id = m.task_id
LEFT JOIN projects project ON project.id = m.project_id
WHERE m.id = $6
