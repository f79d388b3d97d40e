SELECT
  (SELECT c.password_hash FROM credentials c WHERE c.user_id = $1) AS password_hash,
  (
    SELECT i.value
    FROM installation i
    WHERE
      i.name = 'imported_iterations'
      AND EXISTS (SELECT 1 FROM credentials c WHERE c.password_hash LIKE 'pbkdf2%')
  ) AS imported_iterations
