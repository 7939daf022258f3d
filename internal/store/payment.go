package store

import (
	"context"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// RecordPayment keeps a payment and what pay makes of its document, which it gets with the document's credit notes. A
// payment that is known already changes nothing: false, with the document as it is. pay may change nothing but state
// and paid amount. Codes: invoice.unknown, payment.not_issued, invoice.immutable, and those of pay.
func (s *Store) RecordPayment(ctx context.Context, p billing.Payment, by string,
	pay func(current billing.Invoice, credits []billing.Invoice) (billing.Invoice, error),
) (recorded bool, paid billing.Invoice, err error) {
	err = s.inTx(ctx, func(t *tx) error {
		current, fingerprint, err := t.lockIssued(ctx, p.InvoiceNumber)
		if err != nil {
			return err
		}
		recorded, paid = false, current
		n, err := t.q.AddPayment(ctx, dbq.AddPaymentParams{
			ID: toText(p.ID), InvoiceID: current.ID, Number: current.Number, PaidOn: p.On.String(), Amount: p.Amount.String(),
			Currency: string(p.Currency), Reference: toText(p.Reference), Who: toText(by), RecordedAt: toMicros(t.now),
		})
		if err != nil || n == 0 {
			return err
		}
		credits, err := t.CreditNotes(ctx, current.Number)
		if err != nil {
			return err
		}
		if paid, err = pay(current, credits); err != nil {
			return err
		}
		recorded = true
		return t.settle(ctx, current, paid, fingerprint, by, "payment "+p.ID)
	})
	if err != nil {
		return false, billing.Invoice{}, doing(err, "record a payment of %s", p.InvoiceNumber)
	}
	return recorded, paid, nil
}

func (t *tx) lockIssued(ctx context.Context, number string) (billing.Invoice, string, error) {
	if number == "" {
		return billing.Invoice{}, "", errs.New(errs.Precondition, "payment.not_issued", "only an issued document is paid, and it has a number")
	}
	id, err := t.q.InvoiceID(ctx, toText(number))
	if err != nil {
		return billing.Invoice{}, "", unknownInvoice(err, number)
	}
	inv, fingerprint, err := t.lock(ctx, id)
	if err == nil && inv.Number == "" {
		err = errs.New(errs.Precondition, "payment.not_issued", "%s is %s: only an issued document is paid", inv.ID, inv.State)
	}
	return inv, fingerprint, err
}

// settle keeps state and paid amount of an issued document, the only things of it that ever change.
func (t *tx) settle(ctx context.Context, was, inv billing.Invoice, fingerprint, by, reason string) error {
	before, err := toDocument(was)
	if err != nil {
		return err
	}
	after, err := toDocument(inv)
	if err != nil {
		return err
	}
	settled := inv.State == billing.StateIssued || inv.State == billing.StatePaid
	if before.fingerprint != after.fingerprint || !settled {
		return errs.New(errs.Precondition, "invoice.immutable", "%s is issued: only what was paid of it changes", was.Number)
	}
	n, err := t.q.SettleIssued(ctx, dbq.SettleIssuedParams{
		ID: was.ID, State: string(inv.State), Paid: inv.Paid.String(), WasState: string(was.State), WasPaid: was.Paid.String(),
		Fingerprint: fingerprint,
	})
	if err == nil && n == 0 {
		err = errs.New(errs.Conflict, "invoice.changed", "%s was changed by somebody else; try again", was.Number)
	}
	if err != nil || inv.State == was.State {
		return err
	}
	return t.event(ctx, inv, was.State, by, reason)
}

// Payments lists the payments of a document by its number, by day; none for a number that nobody has.
func (r reads) Payments(ctx context.Context, number string) ([]billing.Payment, error) {
	rows, err := r.q.Payments(ctx, toText(number))
	if err != nil {
		return nil, doing(err, "list payments of %s", number)
	}
	list := make([]billing.Payment, len(rows))
	for i, row := range rows {
		var from fromText
		list[i] = billing.Payment{
			ID: row.ID, InvoiceNumber: row.Number, On: from.date(row.PaidOn), Amount: from.decimal(row.Amount),
			Currency: money.Currency(row.Currency), Reference: row.Reference,
		}
		if from.err != nil {
			return nil, doing(from.err, "payment %s", row.ID)
		}
	}
	return list, nil
}
