-- name: AddRun :exec
INSERT INTO runs (id, period, estimate, started_at, finished_at, findings,
    inputs, rules, parties, charges, totals, result, manifest, signature)
VALUES (@id, @period, @estimate, @started_at, @finished_at, @findings,
    @inputs, @rules, @parties, @charges, @totals, @result, @manifest, @signature);

-- name: PointPeriodAtRun :exec
INSERT INTO period_runs (period, run_id, stale) VALUES (@period, @run_id, FALSE)
ON CONFLICT (period) DO UPDATE SET run_id = excluded.run_id, stale = FALSE;

-- name: Run :one
SELECT id, period, estimate, started_at, finished_at, findings,
    inputs, rules, parties, charges, totals, result, manifest, signature
FROM runs WHERE id = @id;

-- name: LatestRunID :one
SELECT r.id FROM period_runs AS p JOIN runs AS r ON r.id = p.run_id
WHERE (CAST(@period AS TEXT) = '' OR p.period = @period)
ORDER BY r.started_at DESC, r.period DESC, r.id DESC
LIMIT 1;

-- name: LockPeriod :exec
UPDATE period_runs SET stale = stale WHERE period = @period;

-- name: MarkPeriodStale :exec
UPDATE period_runs SET stale = TRUE WHERE run_id = @run_id;

-- name: StalePeriods :many
SELECT period FROM period_runs WHERE stale ORDER BY period;
