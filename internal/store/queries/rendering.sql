-- name: AddRendering :execrows
INSERT INTO renderings (invoice_id, format, sha256, bytes, rendered_at)
VALUES (@invoice_id, @format, @sha256, @bytes, @rendered_at)
ON CONFLICT (invoice_id, format) DO NOTHING;

-- name: Renderings :many
SELECT format, sha256 FROM renderings WHERE invoice_id = @invoice_id;
