package ubl

import (
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// document is an invoice as UBL sees it: signs turned on a credit note, hidden lines gone, one tax subtotal for every
// category and rate that a line has, and a period that holds every line's.
type document struct {
	inv        billing.Invoice
	credit     bool
	lines      []billing.Line
	taxes      []billing.TaxSubtotal
	from, to   period.Date
	outOfScope bool // a line of category O, which forbids VAT ids and rates (BR-O-02, BR-O-05)
}

func newDocument(inv billing.Invoice) document {
	d := document{inv: inv, credit: inv.Type == billing.TypeCreditNote, lines: visible(inv)}
	if d.credit {
		for i, l := range d.lines {
			d.lines[i].Quantity, d.lines[i].Net = l.Quantity.Neg(), l.Net.Neg()
		}
	}
	d.taxes = d.subtotals()
	d.from, d.to = d.span()
	d.outOfScope = slices.ContainsFunc(d.lines, func(l billing.Line) bool { return l.Tax == billing.TaxOutOfScope })
	return d
}

// visible copies the lines that are shown. Zero lines are left out when the customer wants that, unless nothing else
// is left: a document has a line (BR-16).
func visible(inv billing.Invoice) []billing.Line {
	if inv.HideZeroLines {
		shown := slices.DeleteFunc(slices.Clone(inv.Lines), func(l billing.Line) bool { return l.Net.IsZero() })
		if len(shown) > 0 {
			return shown
		}
	}
	return slices.Clone(inv.Lines)
}

// signed turns an amount of a credit note.
func (d document) signed(a money.Decimal) money.Decimal {
	if d.credit {
		return a.Neg()
	}
	return a
}

// amount is a's digits: those of the currency, but at most two (BR-DEC), and never fewer than a has.
func (d document) amount(a money.Decimal) string {
	return a.Fixed(max(min(2, d.inv.Currency.MinorUnits()), a.Scale()))
}

func (d document) money(w *writer, name string, a money.Decimal) {
	w.text(name, d.amount(a), "currencyID", string(d.inv.Currency))
}

func (d document) root() string {
	if d.credit {
		return "CreditNote"
	}
	return "Invoice"
}

// span is the invoice's period, widened so that every line's lies in it (PEPPOL-EN16931-R110, R111).
func (d document) span() (from, to period.Date) {
	from, to = d.inv.ServiceFrom, d.inv.ServiceTo
	for _, l := range d.lines {
		for _, day := range []period.Date{l.ServiceFrom, l.ServiceTo} {
			if day.IsZero() {
				continue
			}
			if from.IsZero() || day.Before(from) {
				from = day
			}
			if to.IsZero() || day.After(to) {
				to = day
			}
		}
	}
	return from, to
}

// subtotals merges the invoice's subtotals by category and rate, drops those whose lines are hidden, and adds a zero
// one for what only zero lines have: EN 16931 wants the subtotals to name exactly the lines' categories (BR-S-01 and
// its like). Order: as in the invoice, then as in the lines.
func (d document) subtotals() []billing.TaxSubtotal {
	var out []billing.TaxSubtotal
	for _, t := range d.inv.Taxes {
		t.Base, t.Amount = d.signed(t.Base), d.signed(t.Amount)
		if i := find(out, t.Category, t.Rate); i >= 0 {
			out[i].Base, out[i].Amount = out[i].Base.Add(t.Base), out[i].Amount.Add(t.Amount)
			continue
		}
		zero := t.Base.IsZero() && t.Amount.IsZero()
		used := slices.ContainsFunc(d.lines, func(l billing.Line) bool { return l.Tax == t.Category && l.TaxRate.Equal(t.Rate) })
		if used || !zero {
			out = append(out, t)
		}
	}
	for _, l := range d.lines {
		if find(out, l.Tax, l.TaxRate) < 0 {
			out = append(out, billing.TaxSubtotal{Category: l.Tax, Rate: l.TaxRate})
		}
	}
	return out
}

func find(taxes []billing.TaxSubtotal, category billing.TaxCategory, rate money.Decimal) int {
	return slices.IndexFunc(taxes, func(t billing.TaxSubtotal) bool { return t.Category == category && t.Rate.Equal(rate) })
}
