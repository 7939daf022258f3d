package app

import (
	"cmp"
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/focus"
	"github.com/chandler-csp/chandler/internal/store"
)

// whole reads the documents of a month that are not void, of one customer when ref is given.
func (a *App) whole(ctx context.Context, p period.Month, ref string) ([]billing.Invoice, error) {
	f := store.InvoiceFilter{Period: p}
	if ref != "" {
		c, err := a.store.Customer(ctx, ref)
		if err != nil {
			return nil, err
		}
		f.CustomerID = c.ID
	}
	list, err := a.store.Invoices(ctx, f)
	if err != nil {
		return nil, err
	}
	var out []billing.Invoice
	for i := range list {
		if list[i].State == billing.StateVoid {
			continue
		}
		inv, err := a.store.Invoice(ctx, list[i].ID)
		if err != nil {
			return nil, err
		}
		if inv.Number == "" {
			if inv, _, err = a.refreshed(ctx, inv); err != nil {
				return nil, err
			}
		}
		out = append(out, inv)
	}
	if len(out) == 0 {
		return nil, errs.New(errs.NotFound, "period.empty", "%s has no invoices to export", p)
	}
	slices.SortStableFunc(out, func(x, y billing.Invoice) int { // as issued; drafts come last, by buyer
		if (x.Number == "") != (y.Number == "") {
			return strings.Compare(y.Number, x.Number)
		}
		return cmp.Or(x.IssuedAt.Compare(y.IssuedAt), strings.Compare(x.Number, y.Number))
	})
	return out, nil
}

// ExportFocus writes a month's charges in FOCUS 1.2, the partner as invoice issuer, and returns the number of documents.
func (a *App) ExportFocus(ctx context.Context, p period.Month, customer string, w io.Writer) (int, error) {
	docs, err := a.whole(ctx, p, customer)
	if err != nil {
		return 0, err
	}
	return len(docs), focus.Write(w, docs, focus.Options{})
}

// JournalEntries makes the postings of a month's issued documents.
func (a *App) JournalEntries(ctx context.Context, p period.Month) ([]billing.Entry, error) {
	docs, err := a.whole(ctx, p, "")
	if err != nil {
		return nil, err
	}
	entries := []billing.Entry{}
	for _, d := range docs {
		if d.Number == "" {
			continue
		}
		list, err := billing.Journal(d, billing.Accounts{})
		if err != nil {
			return nil, err
		}
		entries = append(entries, list...)
	}
	return entries, nil
}

// WriteJournal writes postings as CSV.
func WriteJournal(w io.Writer, entries []billing.Entry) error {
	c := csv.NewWriter(w)
	_ = c.Write([]string{"document", "date", "account", "text", "customer", "category", "debit", "credit", "currency"}) // Flush tells
	for _, e := range entries {
		_ = c.Write([]string{e.Number, e.On.String(), e.Account, e.Words, e.Customer, e.Category, e.Debit.String(), e.Credit.String(), string(e.Currency)})
	}
	c.Flush()
	return c.Error()
}
