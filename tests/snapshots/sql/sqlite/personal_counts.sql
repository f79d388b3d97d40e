SELECT
  (SELECT count(*) FROM credentials x WHERE x.user_id = $1) AS password,
  (SELECT count(*) FROM sessions x WHERE x.user_id = $1) AS session,
  (SELECT count(*) FROM identities x WHERE x.user_id = $1) AS identity,
  (SELECT count(*) FROM idempotency_keys x WHERE x.user_id = $1) AS idempotency_key,
  (SELECT count(*) FROM mail_opt_outs x WHERE x.user_id = $1) AS mail_preference,
  (SELECT count(*) FROM mails x WHERE x.user_id = $1) AS mail,
  (SELECT count(*) FROM notifications x WHERE x.user_id = $1) AS notification,
  (
    SELECT count(*)
    FROM reminders x
    WHERE
      x.user_id = $1
      AND (
        EXISTS (SELECT 1 FROM memos m WHERE m.id = x.memo_id AND NOT m.draft)
        OR EXISTS (SELECT 1 FROM deleted_memos d WHERE d.id = x.memo_id AND NOT d.draft)
      )
  ) AS reminder,
  (
    SELECT count(*)
    FROM unread_marks x
    WHERE
      x.user_id = $1
      AND (
        EXISTS (SELECT 1 FROM memos m WHERE m.id = x.memo_id AND NOT m.draft)
        OR EXISTS (SELECT 1 FROM deleted_memos d WHERE d.id = x.memo_id AND NOT d.draft)
      )
  ) AS unread_mark,
  (
    SELECT count(*)
    FROM (
      SELECT r.id
      FROM memo_deletions r
      WHERE r.deleted_by = $1
        AND r.reason IS NOT NULL AND NOT r.draft
      UNION ALL
      SELECT r.id
      FROM memo_deletions r
      WHERE r.erased_by = $1
        AND r.erasure_reason IS NOT NULL AND NOT r.draft
      UNION ALL
      SELECT h.id
      FROM memo_holds h
      WHERE h.placed_by = $1
        AND h.released_at IS NOT NULL AND h.reason <> '(erased)'
      UNION ALL
      SELECT e.id
      FROM person_erasures e
      WHERE e.erased_by = $1
        AND e.reason IS NOT NULL
    ) AS reasons
  ) AS reason,
  (
    SELECT count(*)
    FROM files x
    WHERE
      x.uploaded_by = $1
      AND NOT EXISTS (SELECT 1 FROM memo_files l WHERE l.file_id = x.id)
      AND NOT EXISTS (SELECT 1 FROM task_files l WHERE l.file_id = x.id)
      AND NOT EXISTS (SELECT 1 FROM project_files l WHERE l.file_id = x.id)
  ) AS unused_file,
  (
    SELECT count(*)
    FROM (
      SELECT m.id
      FROM memos m
      WHERE (m.author_id = $1 OR m.recipient_id = $1)
        AND NOT m.draft
      UNION ALL
      SELECT d.id
      FROM deleted_memos d
      WHERE (d.author_id = $1 OR d.recipient_id = $1)
        AND NOT d.draft
    ) AS sent_memos
  ) AS memo,
  (
    SELECT count(*)
    FROM comments x
    WHERE
      x.author_id = $1
      AND (
        EXISTS (SELECT 1 FROM memos m WHERE m.id = x.memo_id AND NOT m.draft)
        OR EXISTS (SELECT 1 FROM deleted_memos d WHERE d.id = x.memo_id AND NOT d.draft)
      )
  ) AS comment,
  (
    SELECT count(*)
    FROM files f
    WHERE
      f.uploaded_by = $1
      AND (
        EXISTS (
          SELECT 1
          FROM memo_files x
          WHERE
            x.file_id = f.id
            AND (
              EXISTS (SELECT 1 FROM memos m WHERE m.id = x.memo_id AND NOT m.draft)
              OR EXISTS (SELECT 1 FROM deleted_memos d WHERE d.id = x.memo_id AND NOT d.draft)
            )
        )
        OR EXISTS (SELECT 1 FROM task_files l WHERE l.file_id = f.id)
        OR EXISTS (SELECT 1 FROM project_files l WHERE l.file_id = f.id)
      )
  ) AS file,
  (
    SELECT count(*)
    FROM memo_subscribers x
    WHERE
      x.user_id = $1
      AND (
        EXISTS (SELECT 1 FROM memos m WHERE m.id = x.memo_id AND NOT m.draft)
        OR EXISTS (SELECT 1 FROM deleted_memos d WHERE d.id = x.memo_id AND NOT d.draft)
      )
  ) AS subscription,
  (
    SELECT count(*)
    FROM tasks t
    WHERE
      t.created_by = $1
      OR t.id IN (SELECT w.task_id FROM task_members w WHERE w.user_id = $1)
  ) AS task,
  (
    SELECT count(*)
    FROM projects p
    WHERE
      p.created_by = $1
      OR p.id IN (SELECT w.project_id FROM project_members w WHERE w.user_id = $1)
  ) AS project,
  (
    SELECT count(*)
    FROM memo_deletions r
    WHERE
      NOT r.draft
      AND (
        r.author_id = $1
        OR r.recipient_id = $1
        OR r.deleted_by = $1
        OR r.restored_by = $1
        OR r.erased_by = $1
      )
  ) AS deletion,
  (SELECT count(*) FROM refused_deletions x WHERE x.user_id = $1) AS refused_attempt,
  (
    SELECT count(*)
    FROM memo_holds h
    WHERE h.placed_by = $1
      OR h.released_by = $1
  ) AS hold,
  (
    SELECT count(*)
    FROM memo_reassignments r
    WHERE r.from_user_id = $1
      OR r.to_user_id = $1 OR r.reassigned_by = $1
  ) AS reassignment,
  (SELECT count(*) FROM person_erasures e WHERE e.erased_by = $1) AS erasure,
  (
    SELECT count(DISTINCT h.held_memo_id)
    FROM memo_holds h
    WHERE
      h.held_memo_id IS NOT NULL
      AND (
        EXISTS (
          SELECT 1
          FROM memos m
          WHERE m.id = h.held_memo_id
            AND (m.author_id = $1 OR m.recipient_id = $1)
        )
        OR EXISTS (
          SELECT 1
          FROM deleted_memos d
          WHERE d.id = h.held_memo_id
            AND (d.author_id = $1 OR d.recipient_id = $1)
        )
        OR EXISTS (
          SELECT 1
          FROM memo_subscribers s
          WHERE s.memo_id = h.held_memo_id
            AND s.user_id = $1
        )
        OR EXISTS (
          SELECT 1
          FROM comments c
          WHERE c.memo_id = h.held_memo_id
            AND c.author_id = $1
        )
        OR EXISTS (
          SELECT 1
          FROM reminders r
          WHERE r.memo_id = h.held_memo_id
            AND r.user_id = $1
        )
        OR EXISTS (
          SELECT 1
          FROM unread_marks n
          WHERE n.memo_id = h.held_memo_id
            AND n.user_id = $1
        )
        OR EXISTS (
          SELECT 1
          FROM memo_files l
          JOIN files f ON f.id = l.file_id
          WHERE l.memo_id = h.held_memo_id
            AND (l.attached_by = $1 OR f.uploaded_by = $1)
        )
      )
  ) AS held_memos,
  (
    SELECT count(*)
    FROM memos m
    WHERE m.recipient_id = $1
      AND NOT m.draft AND NOT m.on_hold AND m.stage <> 'REVIEWED'
  ) AS open_memos,
  (
    SELECT count(*)
    FROM task_members own
    JOIN tasks t ON t.id = own.task_id
      AND t.stage IN ('OPEN', 'IN_PROGRESS')
    WHERE
      own.user_id = $1
      AND own.part = 'RESPONSIBLE'
      AND NOT EXISTS (
        SELECT 1
        FROM task_members w
        JOIN users u ON u.id = w.user_id
        WHERE w.task_id = t.id
          AND w.user_id <> $1 AND w.part = 'RESPONSIBLE' AND u.active
      )
  ) AS open_tasks,
  (
    SELECT count(*)
    FROM project_members own
    JOIN projects t ON t.id = own.project_id
      AND t.stage IN ('OPEN', 'IN_PROGRESS')
    WHERE
      own.user_id = $1
      AND own.part = 'RESPONSIBLE'
      AND NOT EXISTS (
        SELECT 1
        FROM project_members w
        JOIN users u ON u.id = w.user_id
        WHERE w.project_id = t.id
          AND w.user_id <> $1 AND w.part = 'RESPONSIBLE' AND u.active
      )
  ) AS open_projects
