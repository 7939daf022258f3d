-- name: RulesInForce :many
SELECT id, version, sequence, added_at, removed_at, body FROM price_rules
WHERE removed_at = 0
ORDER BY sequence, id;

-- name: RuleVersions :many
SELECT id, version, sequence, added_at, removed_at, body FROM price_rules WHERE id = @id ORDER BY version;

-- name: AddRule :exec
INSERT INTO price_rules (id, version, sequence, added_at, removed_at, body)
VALUES (@id, @version, @sequence, @added_at, 0, @body);

-- name: RemoveRule :execrows
UPDATE price_rules SET removed_at = @removed_at WHERE id = @id AND removed_at = 0;
