SELECT
  m.*,
  (
    SELECT
      json_agg(
        json_build_array((t.id)::text, t.full_name, 1, p.is_linked, CAST(t.active AS integer))
      )::text
    FROM (
      SELECT m.author_id AS id, 0 AS is_linked
      UNION ALL
      SELECT m.recipient_id, 0
      UNION ALL
      SELECT x.user_id, 1
      FROM memo_subscribers x
      WHERE x.memo_id = m.id
    ) p
    JOIN users t ON t.id = p.id
  ) AS people,
  (
    SELECT json_agg(json_build_array((t.id)::text, t.name, 1))::text
    FROM memo_tags x
    JOIN tags t ON t.id = x.tag_id
    WHERE x.memo_id = m.id
  ) AS tags,
  (
    SELECT
      json_build_array(
        json_build_array(
          (t.id)::text,
          t.name,
          CAST(
            (
              t.created_by = $1
              OR $2
              OR EXISTS (SELECT 1 FROM task_members w WHERE w.task_id = t.id AND w.user_id = $1)
            ) AS integer
          )
        )
      )::text
    FROM tasks t
    WHERE t.id = m.task_id
  ) AS task,
  (
    SELECT
      json_build_array(
        json_build_array(
          (t.id)::text,
          t.name,
          CAST(
            (
              t.created_by = $1
              OR $2
              OR EXISTS (
                SELECT 1
                FROM project_members w
                WHERE w.project_id = t.id
                  AND w.user_id = $1
              )
            ) AS integer
          )
        )
      )::text
    FROM projects t
    WHERE t.id = m.project_id
  ) AS project,
  (
    SELECT json_build_array(json_build_array((t.id)::text, t.name, 1))::text
    FROM deals t
    WHERE t.id = m.deal_id
  ) AS deal,
  (
    SELECT json_build_array(json_build_array((t.id)::text, t.name, 1))::text
    FROM resolutions t
    WHERE t.id = m.resolution_id
  ) AS resolution,
  (
    SELECT json_agg(json_build_array((t.id)::text, t.beginning, 1))::text
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
          CAST(t.user_id = $1 AS integer),
          (u.id)::text,
          u.role,
          CAST(t.due_at > $5 AND t.dismissed_at IS NULL AND u.active AS integer)
        )
      )::text
    FROM reminders t
    JOIN users u ON u.id = t.user_id
    WHERE t.memo_id = m.id
  ) AS reminders,
  (
    SELECT
      json_agg(
        json_build_array((t.id)::text, t.full_name, CAST(t.id = $1 AS integer))
      )::text
    FROM unread_marks x
    JOIN users t ON t.id = x.user_id
    WHERE x.memo_id = m.id
  ) AS unread_marks,
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
              JOIN memos n ON n.id = o.memo_id
              WHERE o.file_id = t.id
                AND NOT (o.memo_id = ANY($6))
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
  (SELECT c.changes FROM sign_in_counter c WHERE c.id = 1) AS sign_in_changes
FROM memos m
WHERE m.id = ANY($6)
