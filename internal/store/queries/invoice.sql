-- name: AddInvoice :exec
INSERT INTO invoices (id, number, type, state, period, run_id, estimate, by_hand, customer_id, tenant_id, buyer_name,
    sort_name, currency, net, tax, gross, paid, issued_on, due_on, corrects, created_at, issued_at, fingerprint,
    logo_sha256, body)
VALUES (@id, '', @type, @state, @period, @run_id, @estimate, @by_hand, @customer_id, @tenant_id, @buyer_name,
    @sort_name, @currency, @net, @tax, @gross, @paid, '', '', @corrects, @created_at, 0, @fingerprint,
    @logo_sha256, @body);

-- name: LockInvoice :execrows
UPDATE invoices SET state = state WHERE id = @id;

-- name: InvoiceID :one
SELECT id FROM invoices WHERE id = @ref OR (number = @ref AND number <> '');

-- name: InvoiceBody :one
SELECT id, state, paid, fingerprint, logo_sha256, body FROM invoices WHERE id = @id;

-- name: InvoiceNumber :one
SELECT number FROM invoices WHERE id = @id;

-- name: UpdateUnissued :execrows
UPDATE invoices
SET number = @number, type = @type, state = @state, customer_id = @customer_id, tenant_id = @tenant_id,
    buyer_name = @buyer_name, sort_name = @sort_name, currency = @currency, net = @net, tax = @tax, gross = @gross,
    issued_on = @issued_on, due_on = @due_on, corrects = @corrects, issued_at = @issued_at,
    fingerprint = @fingerprint, logo_sha256 = @logo_sha256, body = @body
WHERE id = @id AND number = '' AND state = @was_state AND state <> 'void' AND fingerprint = @was_fingerprint;

-- name: SettleIssued :execrows
UPDATE invoices SET state = @state, paid = @paid
WHERE id = @id AND number <> '' AND state = @was_state AND paid = @was_paid AND fingerprint = @fingerprint;

-- name: RemoveDraftsOfRuns :exec
DELETE FROM invoices WHERE period = @period AND number = '' AND state <> 'void' AND NOT by_hand;

-- name: IssuedFrom :one
SELECT COUNT(*) FROM invoices WHERE number <> '' AND period >= @period;

-- name: Invoices :many
SELECT id, number, type, state, period, run_id, estimate, customer_id, tenant_id, buyer_name, currency, net, tax, gross,
    paid, issued_on, due_on, corrects, created_at, issued_at
FROM invoices
WHERE (CAST(@period AS TEXT) = '' OR period = @period)
  AND (CAST(@state AS TEXT) = '' OR state = @state)
  AND (CAST(@customer_id AS TEXT) = '' OR customer_id = @customer_id)
ORDER BY period, sort_name, id;

-- name: IssuedBodies :many
SELECT i.id, i.state, i.paid, i.fingerprint, i.logo_sha256, i.body FROM invoices AS i
WHERE i.number <> ''
  AND (CAST(@customer_id AS TEXT) = '' OR i.customer_id = @customer_id)
  AND (CAST(@period AS TEXT) = '' OR i.period = @period
    OR i.id IN (SELECT c.invoice_id FROM invoice_corrections AS c WHERE c.period = @period))
ORDER BY i.customer_id, i.issued_at, i.number;

-- name: IssuedLines :many
SELECT l.invoice_id, l.body FROM invoice_lines AS l JOIN invoices AS i ON i.id = l.invoice_id
WHERE i.number <> ''
  AND (CAST(@customer_id AS TEXT) = '' OR i.customer_id = @customer_id)
  AND (CAST(@period AS TEXT) = '' OR i.period = @period
    OR i.id IN (SELECT c.invoice_id FROM invoice_corrections AS c WHERE c.period = @period))
ORDER BY l.invoice_id, l.part;

-- name: CreditNoteIDs :many
SELECT id FROM invoices WHERE corrects = @number AND corrects <> '' ORDER BY created_at, id;

-- name: AddLines :exec
INSERT INTO invoice_lines (invoice_id, part, body) VALUES (@invoice_id, @part, @body);

-- name: AddCorrection :exec
INSERT INTO invoice_corrections (invoice_id, period) VALUES (@invoice_id, @period);

-- name: RemoveLines :exec
DELETE FROM invoice_lines
WHERE invoice_id = @invoice_id AND EXISTS (
    SELECT 1 FROM invoices AS i WHERE i.id = invoice_lines.invoice_id AND i.number = '');

-- name: RemoveCorrections :exec
DELETE FROM invoice_corrections
WHERE invoice_id = @invoice_id AND EXISTS (
    SELECT 1 FROM invoices AS i WHERE i.id = invoice_corrections.invoice_id AND i.number = '');

-- name: Lines :many
SELECT body FROM invoice_lines WHERE invoice_id = @invoice_id ORDER BY part;

-- name: AddEvent :exec
INSERT INTO invoice_events (invoice_id, n, from_state, to_state, at, who, reason)
SELECT CAST(@invoice_id AS TEXT), COUNT(*) + 1, CAST(@from_state AS TEXT), CAST(@to_state AS TEXT), CAST(@at AS BIGINT),
    CAST(@who AS TEXT), CAST(@reason AS TEXT)
FROM invoice_events WHERE invoice_id = @invoice_id;

-- name: Events :many
SELECT from_state, to_state, at, who, reason FROM invoice_events WHERE invoice_id = @invoice_id ORDER BY n;
