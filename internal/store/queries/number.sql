-- name: NextNumber :one
INSERT INTO number_counters (series, scope, last) VALUES (@series, @scope, @first)
ON CONFLICT (series, scope) DO UPDATE SET last = number_counters.last + 1
RETURNING last;
