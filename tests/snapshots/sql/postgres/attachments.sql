SELECT
  l.file_id,
  0 AS kind,
  m.id AS target_id,
  CAST(
    (
      m.author_id = $1
      OR (
        NOT m.draft
        AND (
          m.recipient_id = $1
          OR $2
          OR EXISTS (
            SELECT 1
            FROM memo_subscribers s
            WHERE s.memo_id = m.id
              AND s.user_id = $1
          )
        )
      )
    ) AS integer
  ) AS sees,
  coalesce(
    l.attached_by,
    CASE
      WHEN NOT EXISTS (
        SELECT 1
        FROM memo_files o
        WHERE o.file_id = l.file_id
          AND o.memo_id <> l.memo_id
      ) THEN f.uploaded_by
    END
  ) AS attached_by,
  l.created_at AS attached_at
FROM memo_files l
JOIN memos m ON m.id = l.memo_id
JOIN files f ON f.id = l.file_id
WHERE l.file_id = ANY($3) AND (NOT m.draft OR m.author_id = $1)
UNION ALL
SELECT
  l.file_id,
  1,
  t.id,
  CAST(
    (
      t.created_by = $1
      OR $2
      OR EXISTS (SELECT 1 FROM task_members w WHERE w.task_id = t.id AND w.user_id = $1)
    ) AS integer
  ),
  l.attached_by,
  l.created_at
FROM task_files l
JOIN tasks t ON t.id = l.task_id
WHERE l.file_id = ANY($3)
UNION ALL
SELECT
  l.file_id,
  2,
  t.id,
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
  ),
  l.attached_by,
  l.created_at
FROM project_files l
JOIN projects t ON t.id = l.project_id
WHERE l.file_id = ANY($3)
ORDER BY attached_at, kind, target_id
