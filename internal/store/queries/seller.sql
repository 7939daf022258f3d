-- name: Seller :one
SELECT version, body FROM sellers ORDER BY version DESC LIMIT 1;

-- name: AddSeller :exec
INSERT INTO sellers (version, set_at, body) VALUES (@version, @set_at, @body);
