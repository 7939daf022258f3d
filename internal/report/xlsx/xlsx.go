// Package xlsx writes an invoice as an Excel workbook: the document, its lines, its taxes and its usage, a sheet each.
// It owns the sheets and their columns. Invariants: an amount's cell holds the amount's own digits, never a float of
// ours; the same invoice gives the same bytes; nothing of the partner's alone is written.
package xlsx

import (
	"bytes"
	"fmt"

	"github.com/xuri/excelize/v2"

	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// The sheets.
const (
	SheetInvoice = "Invoice"
	SheetLines   = "Lines"
	SheetTaxes   = "Taxes"
	SheetUsage   = "Usage"
)

// Marshal writes the workbook.
func Marshal(inv *billing.Invoice) ([]byte, error) {
	b := &book{file: excelize.NewFile(), inv: inv}
	b.properties()
	b.styles()
	b.invoice()
	b.lines()
	b.taxes()
	b.usage()
	if b.err != nil {
		return nil, fmt.Errorf("build XLSX of invoice %s: %w", inv.ID, b.err)
	}
	var out bytes.Buffer
	if err := b.file.Write(&out); err != nil {
		return nil, fmt.Errorf("write XLSX of invoice %s: %w", inv.ID, err)
	}
	return out.Bytes(), b.file.Close()
}

// stamp is the day that the workbook carries, from the invoice and never from a clock.
func stamp(inv *billing.Invoice) string {
	switch {
	case !inv.IssuedAt.IsZero():
		return inv.IssuedAt.UTC().Format("2006-01-02T15:04:05Z")
	case !inv.IssuedOn.IsZero():
		return inv.IssuedOn.Time().Format("2006-01-02T15:04:05Z")
	case !inv.CreatedAt.IsZero():
		return inv.CreatedAt.UTC().Format("2006-01-02T15:04:05Z")
	default:
		return "1970-01-01T00:00:00Z"
	}
}

// title is what the document calls itself, with what keeps it from being a demand to pay.
func title(inv *billing.Invoice) string {
	t := "Invoice"
	if inv.Type == billing.TypeCreditNote {
		t = "Credit note"
	}
	if inv.Estimate {
		t += " (estimate)"
	}
	switch inv.State {
	case billing.StateIssued, billing.StatePaid, billing.StateOverdue:
	case billing.StateVoid:
		t += " (void)"
	default:
		t += " (draft)"
	}
	return t
}
