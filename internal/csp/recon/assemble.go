package recon

import (
	"cmp"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/rating"
)

// result puts accounts, findings and notes together. A tentative fault counts only where it explains a difference.
func (c *checker) result() Result {
	res := Result{Period: c.in.Period, Estimate: c.in.Estimate, Seats: seats(c.in.Lines), Rounding: c.rounding(), Notes: c.notes}
	for _, a := range c.ledger.accounts {
		classes, chosen, extra := a.explain()
		for i, f := range a.faults {
			if f.silent || f.tentative && chosen[i].IsZero() {
				continue
			}
			if f.fitted && !chosen[i].IsZero() {
				f.Amount = amount(chosen[i])
			}
			res.Findings = append(res.Findings, c.finding(f))
		}
		if extra != nil && len(c.in.Documents) > 0 { // without any document there is nothing to prove against, and a note says so
			res.Findings = append(res.Findings, extra.Finding)
		}
		res.Invoices = append(res.Invoices, Invoice{
			Invoice: a.number, Currency: a.currency, Upstream: a.upstream(), Accounted: a.accounted(),
			Difference: a.difference(), Documents: a.documents(), Classes: classes, Lines: len(a.lines),
		})
	}
	for _, f := range c.loose {
		res.Findings = append(res.Findings, c.finding(f))
	}
	slices.SortStableFunc(res.Invoices, func(a, b Invoice) int { return strings.Compare(a.Invoice, b.Invoice) })
	slices.SortStableFunc(res.Findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Level, b.Level), strings.Compare(string(a.Class), string(b.Class)), strings.Compare(a.Key, b.Key))
	})
	return res
}

// finding is the fault for others to read, with the places of its usage rows.
func (c *checker) finding(f *fault) Finding {
	if c.in.RowsOf == nil || len(f.rows) == 0 {
		return f.Finding
	}
	rows := c.in.RowsOf(f.rows)
	if f.column != "" {
		for i := range rows {
			rows[i].Column = f.column
		}
	}
	f.witness(rows...)
	return f.Finding
}

// rounding lists what truncation kept back in each bucket that has lines and usage; a bucket whose usage is all free
// keeps nothing back.
func (c *checker) rounding() []RoundingBucket {
	var out []RoundingBucket
	seen := map[rating.BucketKey]bool{}
	add := func(k rating.BucketKey, variance money.Decimal) {
		seen[k] = true
		out = append(out, RoundingBucket{k.InvoiceNumber, k.SubscriptionID, k.ProductID, k.SkuID, k.AvailabilityID, k.PEC, variance})
	}
	for _, b := range c.sortedBuckets() {
		seen[b.Key] = true
		if len(b.Lines) > 0 && len(b.Groups) > 0 {
			add(b.Key, chargedBy(b).Sub(subtotal(b)))
		}
	}
	for i := range c.in.Listed {
		if g := &c.in.Listed[i]; g.Free && !seen[rating.KeyOfGroup(&g.Group)] {
			add(rating.KeyOfGroup(&g.Group), g.Billed.Round(money.Down, 2))
		}
	}
	return out
}
