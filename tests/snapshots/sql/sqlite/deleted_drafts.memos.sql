UPDATE deleted_memos SET
  recipient_id = author_id
WHERE
  id IN (
    SELECT r.memo_id
    FROM memo_deletions r
    WHERE
      r.recipient_id = $1
      AND r.draft
      AND r.restored_at IS NULL
      AND r.author_id NOT IN ($2, $1)
  )
