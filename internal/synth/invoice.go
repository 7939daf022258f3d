package synth

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// invoice is one document of Microsoft and, perhaps, the credit note that amends it.
type invoice struct {
	number, note string // note is the credit note's number, "" without one
	currency     money.Currency
	market       market
	rate         money.Decimal
	rateDate     period.Date
	period       period.Month
	spelling     spelling
	lines        []*line
}

func newInvoice(r *random, c Config, currency money.Currency, rate money.Decimal) *invoice {
	inv := &invoice{
		number: invoiceNumber(r), currency: currency, market: markets[currency], rate: rate,
		rateDate: c.Period.Last(), period: c.Period,
	}
	if c.has(CreditNote) && (currency != "EUR" || r.chance(40)) {
		inv.note = invoiceNumber(r)
	}
	if c.has(RoughSpelling) {
		inv.spelling = roughSpelling(r, currency != "EUR")
	}
	return inv
}

func invoiceNumber(r *random) string { return fmt.Sprintf("G%09d", r.between(10_000_000, 399_999_999)) }

// numberOf is the document that a line stands on.
func (inv *invoice) numberOf(l *line) string {
	if l.note {
		return inv.note
	}
	return inv.number
}

// close taxes the lines and mixes them, since Microsoft's come in no order; then each has its place in a file.
func (inv *invoice) close(r *random) {
	r.Shuffle(len(inv.lines), func(i, j int) { inv.lines[i], inv.lines[j] = inv.lines[j], inv.lines[i] })
	next := map[string]int{}
	for _, l := range inv.lines {
		l.tax = halfUp(percentOf(l.subtotal, inv.market.tax))
		l.file = reconName(inv.numberOf(l))
		next[l.file]++
		l.number = next[l.file] + 1 // 1 is the header
	}
}

// documents are the numbers with the lines of each, the invoice first.
func (inv *invoice) documents() []document {
	docs := []document{{number: inv.number}}
	if inv.note != "" {
		docs = append(docs, document{number: inv.note, amends: inv.number})
	}
	for _, l := range inv.lines {
		i := 0
		if l.note {
			i = 1
		}
		docs[i].lines = append(docs[i].lines, l)
	}
	return docs
}

// document is an invoice or a credit note by itself: its total is the sum of its lines (D07).
type document struct {
	number, amends string
	lines          []*line
}

func (d document) total() money.Decimal {
	var sum money.Decimal
	for _, l := range d.lines {
		sum = sum.Add(l.total())
	}
	return sum
}
