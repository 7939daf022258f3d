-- name: SetWaiver :exec
INSERT INTO waivers (finding, reason, who, at) VALUES (@finding, @reason, @who, @at)
ON CONFLICT (finding) DO UPDATE SET reason = excluded.reason, who = excluded.who, at = excluded.at;

-- name: Waivers :many
SELECT finding, reason, who, at FROM waivers;
