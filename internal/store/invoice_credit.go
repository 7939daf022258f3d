package store

import (
	"context"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// AddCreditNote drafts a credit note over an invoice, by id or number. credit makes it of the invoice and of the notes
// that it has already, drafts and void ones too; nobody else credits it meanwhile, so that all notes together can stay
// within it. A later run leaves the draft alone. Codes: invoice.unknown, invoice.exists, and those of credit.
func (s *Store) AddCreditNote(ctx context.Context, ref string,
	credit func(original billing.Invoice, notes []billing.Invoice) (billing.Invoice, error),
) (billing.Invoice, error) {
	var note billing.Invoice
	err := s.inTx(ctx, func(t *tx) error {
		id, err := t.q.InvoiceID(ctx, toText(ref))
		if err != nil {
			return unknownInvoice(err, ref)
		}
		original, _, err := t.lock(ctx, id)
		if err != nil {
			return err
		}
		notes, err := t.CreditNotes(ctx, original.Number)
		if err != nil {
			return err
		}
		if note, err = credit(original, notes); err != nil {
			return err
		}
		if note.Corrects == nil || note.Corrects.Number != original.Number {
			return errs.New(errs.Invalid, "credit.other_invoice", "the credit note is not over %s", original.Name())
		}
		return t.addInvoice(ctx, note, true)
	})
	if err != nil {
		return billing.Invoice{}, doing(err, "credit %s", ref)
	}
	return note, nil
}
