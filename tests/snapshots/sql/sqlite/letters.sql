SELECT
  m.id,
  m.attempts,
  m.created_at,
  m.subject_name,
  m.user_id,
  n.kind,
  n.memo_id,
  n.task_id,
  n.project_id,
  u.email,
  u.full_name,
  u.active,
  a.full_name AS actor_name,
  EXISTS (
    SELECT 1
    FROM mail_opt_outs o
    WHERE o.user_id = m.user_id
      AND o.kind = n.kind
  ) AS unwanted,
  CASE
    WHEN n.deletion_id IS NOT NULL THEN EXISTS (
      SELECT 1
      FROM memo_deletions r
      WHERE
        r.id = n.deletion_id
        AND (r.author_id = u.id OR (NOT r.draft AND r.recipient_id = u.id))
    )
    WHEN n.task_id IS NOT NULL THEN EXISTS (
      SELECT 1
      FROM tasks t
      WHERE
        t.id = n.task_id
        AND (
          t.created_by = u.id
          OR u.role = 'CHIEF'
          OR EXISTS (
            SELECT 1
            FROM task_members w
            WHERE w.task_id = t.id
              AND w.user_id = u.id
          )
        )
    )
    WHEN n.project_id IS NOT NULL THEN EXISTS (
      SELECT 1
      FROM projects t
      WHERE
        t.id = n.project_id
        AND (
          t.created_by = u.id
          OR u.role = 'CHIEF'
          OR EXISTS (
            SELECT 1
            FROM project_members w
            WHERE w.project_id = t.id
              AND w.user_id = u.id
          )
        )
    )
    WHEN n.memo_id IS NULL THEN TRUE
    ELSE EXISTS (
      SELECT 1
      FROM memos e
      WHERE
        e.id = n.memo_id
        AND (
          e.author_id = u.id
          OR (
            NOT e.draft
            AND (
              e.recipient_id = u.id
              OR u.role = 'CHIEF'
              OR EXISTS (
                SELECT 1
                FROM memo_subscribers s
                WHERE s.memo_id = e.id
                  AND s.user_id = u.id
              )
            )
          )
        )
    )
  END AS sees
FROM mails m
JOIN notifications n ON n.id = m.notification_id
JOIN users u ON u.id = m.user_id
JOIN users a ON a.id = n.actor_id
WHERE m.id IN (SELECT unhex(value) FROM json_each($1))
ORDER BY m.id
