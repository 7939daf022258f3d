-- name: Customer :one
SELECT version, body FROM customers WHERE id = @id;

-- name: CustomerByTenant :one
SELECT version, body FROM customers WHERE tenant_key = @tenant_key AND tenant_key <> '';

-- name: CustomersNamed :many
SELECT version, body FROM customers WHERE sort_name = @sort_name ORDER BY id LIMIT 2;

-- name: Customers :many
SELECT version, body FROM customers ORDER BY sort_name, id;

-- name: AddCustomer :execrows
INSERT INTO customers (id, tenant_key, sort_name, origin, created_at, version, body)
VALUES (@id, @tenant_key, @sort_name, @origin, @created_at, 1, @body)
ON CONFLICT DO NOTHING;

-- name: UpdateCustomer :execrows
UPDATE customers
SET tenant_key = @tenant_key, sort_name = @sort_name, origin = @origin, version = version + 1, body = @body
WHERE id = @id AND version = @version;
