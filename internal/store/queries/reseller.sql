-- name: Resellers :many
SELECT version, body FROM resellers ORDER BY mpn;

-- name: AddReseller :execrows
INSERT INTO resellers (mpn, billed, version, body) VALUES (@mpn, @billed, 1, @body) ON CONFLICT (mpn) DO NOTHING;

-- name: UpdateReseller :execrows
UPDATE resellers SET billed = @billed, version = version + 1, body = @body WHERE mpn = @mpn AND version = @version;
