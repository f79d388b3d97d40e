WITH
free_memo AS (
  SELECT id
  FROM memos
  WHERE id = $1 AND revision = $2
  FOR UPDATE SKIP LOCKED
),
moved_memo AS (
  DELETE FROM memos
  WHERE id = (SELECT id FROM free_memo)
  RETURNING
    id,
    name,
    description,
    note,
    author_id,
    recipient_id,
    stage,
    draft,
    review_date,
    deal_id,
    task_id,
    project_id,
    resolution_id,
    sent_at,
    acted_at,
    acted_stage,
    created_at,
    updated_at,
    version,
    revision,
    on_hold,
    comment_count,
    author_comment_count,
    recipient_comment_count
),
deleted_memo AS (
  INSERT INTO
    deleted_memos (
      id,
      name,
      description,
      note,
      author_id,
      recipient_id,
      stage,
      draft,
      review_date,
      deal_id,
      task_id,
      project_id,
      resolution_id,
      sent_at,
      acted_at,
      acted_stage,
      created_at,
      updated_at,
      version,
      revision,
      on_hold,
      comment_count,
      author_comment_count,
      recipient_comment_count
    )
  SELECT
    id,
    name,
    description,
    note,
    author_id,
    recipient_id,
    stage,
    draft,
    review_date,
    deal_id,
    task_id,
    project_id,
    resolution_id,
    sent_at,
    acted_at,
    acted_stage,
    created_at,
    updated_at,
    version,
    revision,
    on_hold,
    comment_count,
    author_comment_count,
    recipient_comment_count
  FROM moved_memo
),
record AS (
  INSERT INTO
    memo_deletions (
      id,
      memo_id,
      memo_name,
      author_id,
      recipient_id,
      stage,
      draft,
      deleted_by,
      deleted_at,
      reason,
      verdict,
      warnings,
      counts,
      kept_files,
      bytes_freed,
      restorable_until
    )
  SELECT
    $3,
    m.id,
    m.name,
    m.author_id,
    m.recipient_id,
    m.stage,
    m.draft,
    $4,
    $5,
    $6,
    $7,
    $8,
    $9,
    $10,
    $11,
    $12
  FROM moved_memo m
  WHERE m.id = $1
),
notification AS (
  INSERT INTO notifications (id, user_id, kind, actor_id, memo_id, deletion_id, created_at)
  SELECT $13, m.author_id, 'MEMO_DELETED_BY_RECIPIENT', $4, m.id, $3, $5
  FROM moved_memo m
  WHERE m.id = $1 AND m.author_id <> $4
),
event AS (
  INSERT INTO
    memo_events (
      memo_id,
      kind,
      actor_id,
      author_id,
      recipient_id,
      draft,
      subscriber_ids,
      deletion_id,
      occurred_at
    )
  SELECT
    m.id,
    $14,
    $4,
    m.author_id,
    CASE WHEN m.draft THEN m.author_id ELSE m.recipient_id END,
    m.draft,
    (
      SELECT coalesce(jsonb_agg(s.user_id), '[]')
      FROM memo_subscribers s
      WHERE s.memo_id = m.id
    ),
    CAST($3 AS uuid),
    $5
  FROM moved_memo m
  WHERE m.id = $1
),
revised_memos AS (
  UPDATE memos SET
    revision = revision + 1
  WHERE
    id IN (
      SELECT o.memo_id
      FROM memo_files x
      JOIN memo_files o ON o.file_id = x.file_id
      WHERE x.memo_id = $1
        AND o.memo_id <> $1
    )
)
SELECT count(*) AS moved
FROM moved_memo
