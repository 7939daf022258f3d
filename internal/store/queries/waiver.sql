-- name: SetWaiver :exec
INSERT INTO waivers (finding, amount, reason, who, at) VALUES (@finding, @amount, @reason, @who, @at)
ON CONFLICT (finding) DO UPDATE SET amount = excluded.amount, reason = excluded.reason, who = excluded.who, at = excluded.at;

-- name: RemoveWaiver :execrows
DELETE FROM waivers WHERE finding = @finding;

-- name: Waivers :many
SELECT finding, amount, reason, who, at FROM waivers;
