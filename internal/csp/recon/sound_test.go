package recon_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/recon"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// What is unusual and right: no finding, at most a note.
func TestUnusualMonthsHaveNoFindings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(t *testing.T, m *month)
		notes  string // "" means those of the scene
	}{
		{
			name: "a licence a cent away from both rounding families, on the invoice too", notes: "[not-in-sheet rounding-within-bound]",
			change: func(t *testing.T, m *month) { m.shift(m.side(t, "r2", false), "0.02"); m.close() },
		},
		{
			name: "a metered line a cent away, within what truncation may keep back of its usage", notes: "[not-in-sheet rounding-within-bound]",
			change: func(t *testing.T, m *month) { m.shift(m.metered(t, bertVM, true), "0.01"); m.close() },
		},
		{
			name:   "equal lines, both on the invoice",
			change: func(t *testing.T, m *month) { m.repeat(m.side(t, "r5", false)); m.close() },
		},
		{
			name: "equal usage rows that the line counts",
			change: func(_ *testing.T, m *month) {
				k := meter{euros, bert, "plan two", "VM"}
				m.use(k, 9, 9, "12.5")
				m.use(k, 9, 9, "12.5")
				m.meteredLine(m.rows[len(m.rows)-2:])
				m.close()
			},
		},
		{
			name: "usage that is given back",
			change: func(_ *testing.T, m *month) {
				m.use(meter{euros, bert, "plan two", "VM"}, 9, 9, "-0.079")
				m.meteredLine(m.rows[len(m.rows)-1:])
				m.close()
			},
		},
		{
			name: "usage that is given back in part, truncated toward zero",
			change: func(_ *testing.T, m *month) {
				k := meter{euros, bert, "plan two", "VM"}
				m.use(k, 9, 9, "100.001")
				m.use(k, 10, 10, "-300.017")
				m.meteredLine(m.rows[len(m.rows)-2:])
				m.close()
			},
		},
		{
			name: "nothing used",
			change: func(_ *testing.T, m *month) {
				m.use(meter{euros, bert, "plan two", "VM"}, 9, 9, "0")
				m.meteredLine(m.rows[len(m.rows)-1:])
			},
		},
		{
			name:   "free usage of a plan that has no line",
			change: func(_ *testing.T, m *month) { m.use(meter{euros, bert, "plan two", "VM"}, 1, 31, "1", covered) },
		},
		{
			name: "a credit note that gives more, and a void note of an invoice for nothing",
			change: func(_ *testing.T, m *month) {
				m.creditNote("G4", euros)
				m.doc("G4").DocumentType = "void_note"
				m.creditNote("G5", euros)
				m.once("G5", bert, "CREDIT", "", "customerCredit", "", "12.34", func(l *usage.Line) { l.SubscriptionDescription = "Azure plan" })
				m.close()
			},
		},
		{
			name: "bought on the last day of the month before and cancelled within a day: the whole refund",
			change: func(_ *testing.T, m *month) {
				l := m.seat(seat{invoice: euros, tenant: bert, subscription: "sx", price: "10.8", start: "2026-02-28", end: "2026-03-27", of: 1}.event("cancelImmediate", "rx", "2026-02-28", 1, -5))
				l.OrderDate = march.First()
				m.close()
			},
		},
		{
			name: "an end that was aligned with another subscription's",
			change: func(_ *testing.T, m *month) {
				m.seat(seat{invoice: euros, tenant: bert, subscription: "sx", price: "10.8", start: "2026-03-07", end: "2026-03-31", of: 31}.event("new", "rx", "2026-03-07", 25, 5))
				m.close()
			},
		},
		{
			name: "a conversion from an offer outside of the month's lines",
			change: func(_ *testing.T, m *month) {
				m.seat(seat{invoice: euros, tenant: bert, subscription: "sx", price: "10.8", start: "2026-03-07", end: "2026-04-06", of: 31}.event("convert", "rx", "2026-03-07", 31, 5))
				m.close()
			},
		},
		{
			name: "a trial that is converted",
			change: func(_ *testing.T, m *month) {
				s := seat{invoice: euros, tenant: bert, subscription: "s7", price: "0", start: "2026-03-04", end: "2026-04-03", of: 31}
				m.seat(s.event("convert", "rx", "2026-03-09", 26, 25)).ProductQualifiers = `["Trial"]`
				s.price, s.start, s.end = "10.8", "2026-03-09", "2026-04-08"
				m.seat(s.event("convert", "rx", "2026-03-09", 31, 25))
				m.close()
			},
		},
		{
			name: "an upgrade of all seats",
			change: func(_ *testing.T, m *month) {
				s := seat{invoice: euros, tenant: bert, subscription: "sx", price: "9.45", start: "2026-01-17", end: "2026-03-16", of: 28, term: paidBy}
				m.seat(s.event("convert", "rx", "2026-03-03", 14, -52))
				s.product, s.price = "PLUS", "24.15"
				m.seat(s.event("convert", "rx", "2026-03-03", 14, 52))
				m.close()
			},
		},
		{
			name: "the month's rates are not the lines': the lines' win", notes: "[not-in-sheet rate-differs]",
			change: func(_ *testing.T, m *month) { m.rates["EUR"] = d("1.2") },
		},
		{
			name:   "no rates of the month",
			change: func(_ *testing.T, m *month) { m.rates = nil },
		},
		{
			name:   "no price sheet at all",
			change: func(_ *testing.T, m *month) { m.sheet = nil },
		},
		{
			name: "a price sheet that does not reach back to the term's start",
			change: func(_ *testing.T, m *month) {
				for i := range m.sheet {
					if m.sheet[i].ProductID == "SUITE" {
						m.sheet[i].From = march.Last()
					}
				}
			},
		},
		{
			name: "no usage of an invoice", notes: "[usage-not-imported not-in-sheet]",
			change: func(_ *testing.T, m *month) { m.dropRows(func(r *row) bool { return r.InvoiceNumber == krones }) },
		},
		{
			name: "no document at all", notes: "[no-document no-document no-document not-in-sheet]",
			change: func(_ *testing.T, m *month) { m.docs = nil },
		},
		{
			name: "rows of cost files and legacy lines stand beside",
			change: func(_ *testing.T, m *month) {
				m.lines = append(m.lines,
					&usage.Line{Family: usage.FamilyCostRow, Currency: "USD", Subtotal: d("5"), Total: d("5"), CustomerID: bert, ChargeType: "Usage"},
					&usage.Line{Family: usage.FamilyLegacyUsage, Currency: "EUR", CustomerID: bert, UnitPrice: d("0.085"), BillableQuantity: d("745"), Subtotal: d("63.33"), Total: d("63.33"), InvoiceNumber: euros},
					&usage.Line{
						Family: usage.FamilyLegacyLicence, Currency: "EUR", CustomerID: bert, UnitPrice: d("4"), Quantity: d("3"), Subtotal: d("6.81"), Total: d("6.81"), InvoiceNumber: euros,
						ChargeStart: period.MustDate("2026-03-15"), ChargeEnd: march.Last(),
					})
				m.close()
			},
		},
		{
			name: "lines in any order",
			change: func(_ *testing.T, m *month) {
				slices.Reverse(m.lines)
				slices.Reverse(m.rows)
				slices.Reverse(m.sheet)
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := scene()
			c.change(t, m)
			res := m.check()
			for _, i := range res.Invoices {
				if len(m.docs) == 0 {
					i.Difference, i.Classes = money.Zero, nil
				}
				if !i.Difference.IsZero() || len(i.Classes) > 0 {
					t.Errorf("invoice %s: difference %s, classes %v", i.Invoice, i.Difference, i.Classes)
				}
			}
			res.Invoices = nil
			sound(t, res)
			want := c.notes
			if want == "" {
				want = "[not-in-sheet]"
			}
			if got := fmt.Sprint(codes(res.Notes)); got != want {
				t.Errorf("notes %s, want %s", got, want)
			}
		})
	}
}

// An estimate has no documents, and its lines are made from the usage: nothing can disagree.
func TestAnEstimateHasNoFindings(t *testing.T) {
	t.Parallel()
	m := scene()
	for _, r := range m.rows {
		r.InvoiceNumber = ""
	}
	sheet := catalog.NewSheet(m.sheet)
	groups, _ := m.groups(sheet)
	listed := rating.List(groups, sheet)
	in := recon.Input{Period: march, Estimate: true, Raw: rating.Estimate(listed), Listed: listed, Sheet: sheet, Rates: m.rates}
	res := recon.Prepare(in).Check()
	sound(t, res)
	if !res.Estimate || len(res.Invoices) != 0 || len(res.Rounding) == 0 {
		t.Errorf("estimate %v, %d invoices, %d rounding buckets", res.Estimate, len(res.Invoices), len(res.Rounding))
	}
}

// Decision D06: what truncation keeps back, bucket by bucket; late usage and its line fall into the meter's own.
func TestRoundingIsKeptByBucket(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"G1 VM true tenant-a":   "0.02086645158952655", // 5.18 + 227.82 for 650.870371 units at 0.425
		"G1 VM true tenant-b":   "0.010521119375",      // 138.72 for 387.5 units
		"G1 VM false tenant-a":  "0.004550368",         // 40.43 for 96 units at 0.5
		"G1 ISV false tenant-a": "0.005955488518",      // 8.69 for 344.1 units at 0.03
		"G1 TINY true tenant-a": "0.0000128885129298",  // 0.00 for 0.0004 units
	}
	got := map[string]string{}
	for _, b := range scene().check().Rounding {
		got[fmt.Sprint(b.Invoice, " ", b.SkuID, " ", b.PEC, " ", b.SubscriptionID[len("plan "):])] = b.Variance.Plain()
	}
	for k, w := range want {
		if got[k] != w {
			t.Errorf("%s: %s, want %s", k, got[k], w)
		}
	}
	if len(got) != 11 {
		t.Errorf("%d buckets: %v", len(got), got)
	}
}
