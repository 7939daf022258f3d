package store

import (
	"context"

	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// InvoiceFilter limits a list of documents; empty fields take everything.
type InvoiceFilter struct {
	Period     period.Month
	State      billing.State // as stored: overdue is derived from issued
	CustomerID string
}

// Invoices lists invoices and credit notes by period and buyer. They are heads: of the parties only the buyer's name, of
// what a credit note corrects only the number, and no lines, taxes, terms or notes.
func (r reads) Invoices(ctx context.Context, f InvoiceFilter) ([]billing.Invoice, error) {
	rows, err := r.q.Invoices(ctx, dbq.InvoicesParams{
		Period: f.Period.String(), State: string(f.State), CustomerID: toText(f.CustomerID),
	})
	if err != nil {
		return nil, doing(err, "list invoices")
	}
	list := make([]billing.Invoice, len(rows))
	for i, row := range rows {
		if list[i], err = fromRowHead(row); err != nil {
			return nil, doing(err, "list invoices")
		}
	}
	return list, nil
}

// Invoice is one whole document, by id or number. Code: invoice.unknown.
func (r reads) Invoice(ctx context.Context, ref string) (billing.Invoice, error) {
	var inv billing.Invoice
	err := r.snapshot(ctx, func(r reads) error {
		id, err := r.q.InvoiceID(ctx, toText(ref))
		if err != nil {
			return unknownInvoice(err, ref)
		}
		inv, _, err = r.whole(ctx, id)
		return err
	})
	return inv, doing(err, "read %s", ref)
}

// whole reads a document by id, with its fingerprint.
func (r reads) whole(ctx context.Context, id string) (billing.Invoice, string, error) {
	row, err := r.q.InvoiceBody(ctx, id)
	if err != nil {
		return billing.Invoice{}, "", unknownInvoice(err, id)
	}
	inv, err := fromRowInvoice(row)
	if err != nil {
		return inv, "", err
	}
	if inv.Logo, err = r.asset(ctx, row.LogoSHA256); err != nil {
		return inv, "", err
	}
	parts, err := r.q.Lines(ctx, id)
	if err != nil {
		return inv, "", err
	}
	for _, body := range parts {
		if err := addPart(&inv, body); err != nil {
			return inv, "", err
		}
	}
	return inv, row.Fingerprint, nil
}

// asset is a file by its hash; no hash, no file.
func (r reads) asset(ctx context.Context, sha256 string) ([]byte, error) {
	if sha256 == "" {
		return nil, nil
	}
	return r.q.Asset(ctx, sha256)
}

// IssuedInvoices are whole issued documents, of one customer when an id is given, by customer and time of issue. With a
// period: its own documents, and later ones with correction lines of it.
func (r reads) IssuedInvoices(ctx context.Context, customerID string, p period.Month) ([]billing.Invoice, error) {
	var list []billing.Invoice
	err := r.snapshot(ctx, func(r reads) error {
		rows, err := r.q.IssuedBodies(ctx, dbq.IssuedBodiesParams{CustomerID: toText(customerID), Period: p.String()})
		if err != nil {
			return err
		}
		list = make([]billing.Invoice, len(rows))
		at, logos := make(map[string]*billing.Invoice, len(rows)), map[string][]byte{}
		for i, row := range rows {
			if list[i], err = fromRowInvoice(dbq.InvoiceBodyRow(row)); err != nil {
				return err
			}
			if _, read := logos[row.LogoSHA256]; !read {
				if logos[row.LogoSHA256], err = r.asset(ctx, row.LogoSHA256); err != nil {
					return err
				}
			}
			list[i].Logo, at[row.ID] = logos[row.LogoSHA256], &list[i]
		}
		return r.linesOf(ctx, customerID, p, at)
	})
	return list, doing(err, "read issued documents")
}

// linesOf fills in the lines of the issued documents in one query.
func (r reads) linesOf(ctx context.Context, customerID string, p period.Month, at map[string]*billing.Invoice) error {
	rows, err := r.q.IssuedLines(ctx, dbq.IssuedLinesParams{CustomerID: toText(customerID), Period: p.String()})
	if err != nil {
		return err
	}
	for _, row := range rows {
		if err := addPart(at[row.InvoiceID], row.Body); err != nil {
			return err
		}
	}
	return nil
}

// CreditNotes are the whole credit notes of an issued invoice, drafts and void ones too, oldest first.
func (r reads) CreditNotes(ctx context.Context, number string) ([]billing.Invoice, error) {
	var list []billing.Invoice
	err := r.snapshot(ctx, func(r reads) error {
		ids, err := r.q.CreditNoteIDs(ctx, toText(number))
		if err != nil {
			return err
		}
		list = make([]billing.Invoice, len(ids))
		for i, id := range ids {
			if list[i], _, err = r.whole(ctx, id); err != nil {
				return err
			}
		}
		return nil
	})
	return list, doing(err, "read credit notes of %s", number)
}

func unknownInvoice(err error, ref string) error {
	return unknown(err, "invoice.unknown", "there is no invoice or credit note %s", ref)
}
