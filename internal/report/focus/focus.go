// Package focus writes our own charges in FOCUS 1.2, the FinOps Open Cost and Usage Specification, as CSV. It owns how a
// line of an invoice becomes a row; it knows nothing of what Microsoft charged. Invariants: the BilledCost of an
// invoice's rows sums to its gross total; unit price x pricing quantity is the cost to the last digit; the partner's cost
// and retail are never written.
package focus

import (
	"encoding/csv"
	"fmt"
	"io"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// Options are wishes for an export. The zero value is fine.
type Options struct {
	// Provider is the ProviderName of every row; empty: the invoice's seller, who made the services available to this
	// customer. Rows whose provider is not the invoice issuer are third-party payments to FOCUS 1.2 (BilledCost-C-005).
	Provider string
}

// Write exports the documents: a header, a row for each line and one for each tax subtotal, in the order given (billing
// reference A8). Void documents are left out; drafts have no InvoiceId. A field without value is empty, which is NULL.
// Code: focus.total_differs for a document whose lines and taxes are not its gross total; nothing of it is written then.
func Write(w io.Writer, docs []billing.Invoice, opt Options) error {
	out := csv.NewWriter(w)
	if err := out.Write(Columns()); err != nil {
		return fmt.Errorf("write FOCUS header: %w", err)
	}
	for i := range docs {
		inv := &docs[i]
		if inv.State == billing.StateVoid {
			continue
		}
		if err := writeDocument(out, inv, opt); err != nil {
			return fmt.Errorf("write FOCUS rows of %s: %w", name(inv), err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write FOCUS: %w", err)
	}
	return nil
}

func name(inv *billing.Invoice) string {
	if inv.Number != "" {
		return inv.Number
	}
	return inv.ID
}

func writeDocument(out *csv.Writer, inv *billing.Invoice, opt Options) error {
	rows := rowsOf(inv, opt)
	var sum money.Decimal
	for i := range rows {
		sum = sum.Add(rows[i].billed)
	}
	if !sum.Equal(inv.Gross) {
		return errs.New(errs.Precondition, "focus.total_differs", "lines and taxes sum to %s, the document to %s %s",
			sum, inv.Gross, inv.Currency)
	}
	for i := range rows {
		if err := out.Write(rows[i].record()); err != nil {
			return err
		}
	}
	return nil
}

// rowsOf makes a document's rows: its lines, then its taxes.
func rowsOf(inv *billing.Invoice, opt Options) []row {
	rows := make([]row, 0, len(inv.Lines)+len(inv.Taxes))
	for i := range inv.Lines {
		rows = append(rows, lineRow(inv, &inv.Lines[i], opt))
	}
	for i := range inv.Taxes {
		rows = append(rows, taxRow(inv, &inv.Taxes[i], opt))
	}
	return rows
}
