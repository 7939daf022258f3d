package store

import (
	"context"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// Counter is where a document's number comes from: a count for each series and scope, which begins at First.
type Counter struct {
	Series string
	Scope  string
	First  int64
}

// IssueInvoice makes a document final by what issue makes of it and of the counter's next number. The number is taken in
// the same transaction: when anything fails, no number is used, so that the numbers have no gap; of two issues at once
// one waits for the other. issue may be called again when the database was busy, and must call nothing outside. Codes:
// invoice.unknown, invoice.issued, run.stale (a balance that the document carries on is gone), and those of issue.
func (s *Store) IssueInvoice(ctx context.Context, id string, c Counter, by string,
	issue func(current billing.Invoice, n int64) (billing.Invoice, error),
) (billing.Invoice, error) {
	var issued billing.Invoice
	err := s.inTx(ctx, func(t *tx) error {
		current, fingerprint, err := t.lockToIssue(ctx, id)
		if err != nil {
			return err
		}
		if current.Number != "" {
			return errs.New(errs.Precondition, "invoice.issued", "%s is issued already", current.Name())
		}
		if err := t.carriesNothingStale(ctx, current); err != nil {
			return err
		}
		n, err := t.q.NextNumber(ctx, dbq.NextNumberParams{Series: toText(c.Series), Scope: toText(c.Scope), First: c.First})
		if err != nil {
			return err
		}
		if issued, err = issue(current, n); err != nil {
			return err
		}
		if issued.Number == "" || issued.State != billing.StateIssued {
			return errs.New(errs.Precondition, "invoice.wrong_state", "%s is %s without being issued", current.Name(), issued.State)
		}
		if err := t.rewrite(ctx, current, issued, fingerprint); err != nil {
			return err
		}
		if err := t.giveBackCredited(ctx, issued); err != nil {
			return err
		}
		return t.event(ctx, issued, current.State, by, "issued as "+issued.Number)
	})
	if err != nil {
		return billing.Invoice{}, doing(err, "issue %s", id)
	}
	return issued, nil
}

// lockToIssue locks a document, and before it its period, so that no run of it or of an earlier one changes what the
// document is made of, and the invoice that it corrects: what is open of that one changes with the credit note, and a
// payment must not come between.
func (t *tx) lockToIssue(ctx context.Context, id string) (billing.Invoice, string, error) {
	row, err := t.q.InvoiceBody(ctx, toText(id))
	if err != nil {
		return billing.Invoice{}, "", unknownInvoice(err, id)
	}
	inv, err := fromRowInvoice(row)
	if err != nil {
		return inv, "", err
	}
	if err := t.q.LockPeriod(ctx, inv.Period.String()); err != nil {
		return inv, "", err
	}
	if inv.Corrects != nil {
		original, err := t.q.InvoiceID(ctx, toText(inv.Corrects.Number))
		if err != nil {
			return inv, "", unknownInvoice(err, inv.Corrects.Number)
		}
		if _, err := t.q.LockInvoice(ctx, original); err != nil {
			return inv, "", err
		}
	}
	return t.lock(ctx, id)
}

// giveBackCredited opens the balances of an invoice that is credited in full by now: it is as if it had never been, so
// the next run carries them on again.
func (t *tx) giveBackCredited(ctx context.Context, note billing.Invoice) error {
	if note.Corrects == nil {
		return nil
	}
	original, err := t.Invoice(ctx, note.Corrects.Number)
	if err != nil {
		return err
	}
	notes, err := t.CreditNotes(ctx, original.Number)
	if err != nil || !original.CreditedInFull(notes) {
		return err
	}
	return t.q.ReleaseBalancesOfInvoice(ctx, original.ID)
}
