-- name: Service :one
SELECT version, body FROM services WHERE id = @id;

-- name: Services :many
SELECT version, body FROM services
WHERE (CAST(@customer_id AS TEXT) = '' OR customer_id = @customer_id)
ORDER BY customer_id, id;

-- name: AddService :execrows
INSERT INTO services (id, customer_id, starts_on, ends_on, version, body)
VALUES (@id, @customer_id, @starts_on, @ends_on, 1, @body)
ON CONFLICT (id) DO NOTHING;

-- name: UpdateService :execrows
UPDATE services
SET customer_id = @customer_id, starts_on = @starts_on, ends_on = @ends_on, version = version + 1, body = @body
WHERE id = @id AND version = @version;
