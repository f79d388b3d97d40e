SELECT
  m.id,
  m.name,
  m.description,
  a.full_name AS author,
  a.username AS author_username,
  r.full_name AS recipient,
  r.username AS recipient_username,
  m.stage,
  m.sent_at,
  m.acted_at,
  m.review_date,
  resolutions.name AS resolution,
  deals.name AS deal,
  tasks.name AS task,
  projects.name AS project,
  (
    SELECT group_concat (t.name, $1)
    FROM (
      SELECT tags.name
      FROM memo_tags l
      JOIN tags ON tags.id = l.tag_id
      WHERE l.memo_id = m.id
      ORDER BY tags.name, tags.id
    ) AS t
  ) AS tags,
  (SELECT count(*) FROM memo_subscribers s WHERE s.memo_id = m.id) AS subscribers,
  m.comment_count AS comments,
  (SELECT count(*) FROM memo_files f WHERE f.memo_id = m.id) AS files,
  m.on_hold,
  m.created_at,
  m.updated_at
FROM memos m
JOIN users a ON a.id = m.author_id
JOIN users r ON r.id = m.recipient_id
LEFT JOIN resolutions ON resolutions.id = m.resolution_id
LEFT JOIN deals ON deals.id = m.deal_id
LEFT JOIN tasks ON tasks.id = m.task_id
LEFT JOIN projects ON projects.id = m.project_id
WHERE NOT m.draft AND m.id > $2
ORDER BY m.id
LIMIT 250
