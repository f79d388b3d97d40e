UPDATE memo_deletions SET
  recipient_id = author_id
WHERE recipient_id = $1 AND draft AND author_id NOT IN ($2, $1)
