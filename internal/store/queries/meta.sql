-- name: Meta :one
SELECT value FROM meta WHERE name = @name;

-- name: AddMeta :execrows
INSERT INTO meta (name, value) VALUES (@name, @value) ON CONFLICT (name) DO NOTHING;

-- name: Asset :one
SELECT body FROM assets WHERE sha256 = @sha256;

-- name: AddAsset :exec
INSERT INTO assets (sha256, body) VALUES (@sha256, @body) ON CONFLICT (sha256) DO NOTHING;
