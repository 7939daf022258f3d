-- name: Balance :one
SELECT run_id, customer_id, currency, period, used_run, used_invoice, body FROM balances
WHERE run_id = @run_id AND customer_id = @customer_id AND currency = @currency;

-- name: AddBalance :exec
INSERT INTO balances (run_id, customer_id, currency, period, used_run, used_invoice, body)
VALUES (@run_id, @customer_id, @currency, @period, '', '', @body);

-- name: UseBalance :execrows
UPDATE balances SET used_run = @used_run, used_invoice = @used_invoice
WHERE run_id = @run_id AND customer_id = @customer_id AND currency = @currency AND used_run = '';

-- name: ReleaseBalance :exec
UPDATE balances SET used_run = '', used_invoice = ''
WHERE run_id = @run_id AND customer_id = @customer_id AND currency = @currency;

-- name: ReleaseBalancesOfInvoice :exec
UPDATE balances SET used_run = '', used_invoice = '' WHERE used_invoice = @used_invoice AND used_invoice <> '';

-- name: RemoveBalance :exec
DELETE FROM balances WHERE run_id = @run_id AND customer_id = @customer_id AND currency = @currency;

-- name: BalancesOfPeriod :many
SELECT run_id, customer_id, currency, period, used_run, used_invoice, body FROM balances
WHERE period = @period ORDER BY customer_id, currency, run_id;

-- name: BalancesUsedInPeriod :many
SELECT b.run_id, b.customer_id, b.currency, b.period, b.used_run, b.used_invoice, b.body
FROM balances AS b JOIN runs AS r ON r.id = b.used_run
WHERE r.period = @period ORDER BY b.customer_id, b.currency, b.period, b.run_id;

-- name: UnusedBalancesBefore :many
SELECT run_id, customer_id, currency, period, used_run, used_invoice, body FROM balances
WHERE period < @period AND used_run = '' ORDER BY customer_id, currency, period, run_id;
