SELECT u.*, i.role_as_of
FROM identities i
JOIN users u ON u.id = i.user_id
WHERE i.issuer = $1 AND i.subject = $2
