SELECT
  count(*) FILTER (WHERE NOT m.on_hold) AS memos,
  count(*) FILTER (WHERE NOT m.on_hold AND m.author_id = $1) AS as_author,
  count(*) FILTER (WHERE NOT m.on_hold AND m.recipient_id = $1) AS as_recipient,
  count(*) FILTER (WHERE NOT m.on_hold AND $2 IN (m.author_id, m.recipient_id)) AS to_themselves,
  count(*) FILTER (
    WHERE
      NOT m.on_hold
      AND (
        m.recipient_id IN ($1, $2)
        OR (m.author_id IN ($1, $2) AND m.stage = 'PENDING')
      )
      AND NOT (m.recipient_id = $2 OR (m.author_id = $2 AND m.stage = 'PENDING'))
  ) AS newly_deletable,
  count(*) FILTER (WHERE m.on_hold) AS on_hold,
  (
    SELECT count(*)
    FROM task_members own
    JOIN tasks t ON t.id = own.task_id
      AND t.stage IN ('OPEN', 'IN_PROGRESS')
    WHERE own.user_id = $1
      AND own.part = 'RESPONSIBLE'
  ) + (
    SELECT count(*)
    FROM project_members own
    JOIN projects t ON t.id = own.project_id
      AND t.stage IN ('OPEN', 'IN_PROGRESS')
    WHERE own.user_id = $1
      AND own.part = 'RESPONSIBLE'
  ) AS open_work
FROM memos m
WHERE
  m.id IN (
    SELECT a.id
    FROM memos a
    WHERE a.author_id = $1
      AND NOT a.draft
    UNION
    SELECT r.id
    FROM memos r
    WHERE r.recipient_id = $1
      AND NOT r.draft
  )
