SELECT h.id
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
LIMIT 1
