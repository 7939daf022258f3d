-- name: AddPayment :execrows
INSERT INTO payments (id, invoice_id, number, paid_on, amount, currency, reference, who, recorded_at)
VALUES (@id, @invoice_id, @number, @paid_on, @amount, @currency, @reference, @who, @recorded_at)
ON CONFLICT (id) DO NOTHING;

-- name: Payments :many
SELECT p.id, p.number, p.paid_on, p.amount, p.currency, p.reference
FROM payments AS p JOIN invoices AS i ON i.id = p.invoice_id
WHERE i.number = @number AND i.number <> ''
ORDER BY p.paid_on, p.recorded_at, p.id;
