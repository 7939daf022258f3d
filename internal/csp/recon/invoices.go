package recon

import (
	"cmp"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// account is an invoice of Microsoft with its amendments and all lines that name one of them.
type account struct {
	number   string
	currency money.Currency
	known    bool // the invoice's own document was imported
	docs     []usage.Document
	lines    []*usage.Line
	foreign  []*usage.Line // lines in another currency than the document's
	faults   []*fault
	rate     *money.Decimal // of tax, once it was asked for
}

// ledger is the period's accounts with a way from any document number to its account.
type ledger struct {
	accounts []*account
	byNumber map[string]*account
}

// newLedger sorts documents and lines into accounts. A document that amends another belongs to that one's account;
// lines of a number that no document has get an account of their own.
func newLedger(docs []usage.Document, lines []*usage.Line) *ledger {
	lg := &ledger{byNumber: map[string]*account{}}
	for _, d := range docs {
		if d.AmendsOf == "" {
			lg.open(d.Number, d.Currency).known = true
		}
	}
	for _, d := range docs {
		root := cmp.Or(d.AmendsOf, d.Number)
		a := lg.byNumber[root]
		if a == nil {
			a = lg.open(root, d.Currency)
		}
		a.docs = append(a.docs, d)
		lg.byNumber[d.Number] = a
	}
	for _, l := range lines {
		if l.Family == usage.FamilyCostRow || l.InvoiceNumber == "" {
			continue
		}
		a := lg.byNumber[l.InvoiceNumber]
		if a == nil {
			a = lg.open(l.InvoiceNumber, l.Currency)
		}
		if l.Currency != a.currency {
			a.foreign = append(a.foreign, l)
			continue
		}
		a.lines = append(a.lines, l)
	}
	return lg
}

func (lg *ledger) open(number string, currency money.Currency) *account {
	if a := lg.byNumber[number]; a != nil {
		return a
	}
	a := &account{number: number, currency: currency}
	lg.accounts = append(lg.accounts, a)
	lg.byNumber[number] = a
	return a
}

func (a *account) upstream() money.Decimal {
	var s money.Decimal
	for _, d := range a.docs {
		s = s.Add(d.TotalCharges)
	}
	return s
}

func (a *account) accounted() money.Decimal { return totalOf(a.lines) }

func totalOf(lines []*usage.Line) money.Decimal {
	var s money.Decimal
	for _, l := range lines {
		s = s.Add(l.Total)
	}
	return s
}

func (a *account) difference() money.Decimal { return a.upstream().Sub(a.accounted()) }

// documents breaks the account down by document number, in the order invoice, then amendments, then numbers that only
// lines know.
func (a *account) documents() []Document {
	sums := map[string]money.Decimal{}
	for _, l := range a.lines {
		sums[l.InvoiceNumber] = sums[l.InvoiceNumber].Add(l.Total)
	}
	var out []Document
	for _, d := range a.docs {
		total, got := d.TotalCharges, sums[d.Number]
		out = append(out, Document{ID: d.Number, Upstream: &total, Accounted: got, Difference: total.Sub(got)})
		delete(sums, d.Number)
	}
	for _, n := range slices.Sorted(maps.Keys(sums)) {
		out = append(out, Document{ID: n, Accounted: sums[n], Difference: sums[n].Neg()})
	}
	return out
}

// misfiled finds lines that carry another invoice's number: the other invoice lacks exactly what they are worth. It
// returns the true account of each such line; a line that no difference explains is not guessed at.
func (lg *ledger) misfiled() map[*usage.Line]*account {
	moved := map[*usage.Line]*account{}
	for _, from := range lg.accounts {
		for _, to := range lg.accounts {
			if from == to || !to.known {
				continue
			}
			gap := to.difference()
			if gap.IsZero() {
				continue
			}
			found := lg.strangers(from, to, gap)
			if len(found) == 0 || lg.likelier(to, from, found) {
				continue
			}
			for _, l := range found {
				moved[l] = to
			}
		}
	}
	return moved
}

// likelier says that the opposite explains two invoices' differences better than the lines that were found: a charge and
// its refund are of one amount, and either may have gone the other way. The file that a line came from tells.
func (lg *ledger) likelier(from, to *account, than []*usage.Line) bool {
	if !to.known || lg.homeOf(than[0]) == from {
		return false
	}
	other := lg.strangers(from, to, to.difference())
	return len(other) > 0 && (lg.homeOf(other[0]) == to || from.number < to.number)
}

// strangers are the lines of one account that fill another's gap: all its lines in the other's currency where it has
// another one itself, and all of them where no document has its number; otherwise the one line whose amount is the gap
// while its own account has that much too much.
func (lg *ledger) strangers(from, to *account, gap money.Decimal) []*usage.Line {
	var foreign []*usage.Line
	var sum money.Decimal
	for _, l := range from.foreign {
		if l.Currency == to.currency {
			foreign, sum = append(foreign, l), sum.Add(l.Total)
		}
	}
	if len(foreign) > 0 && sum.Equal(gap) {
		return foreign
	}
	if from.currency != to.currency || !from.difference().Add(gap).IsZero() {
		return nil
	}
	if len(from.docs) == 0 {
		return from.lines
	}
	var same []*usage.Line
	for _, l := range from.lines {
		if l.Total.Equal(gap) {
			same = append(same, l)
		}
	}
	if len(same) > 1 { // several lines of that amount: the file that they came from tells
		same = slices.DeleteFunc(same, func(l *usage.Line) bool { return lg.homeOf(l) != to })
	}
	if len(same) != 1 {
		return nil
	}
	return same
}

// homeOf is the account that most lines of the line's file belong to.
func (lg *ledger) homeOf(l *usage.Line) *account {
	counts := map[*account]int{}
	for _, a := range lg.accounts {
		for _, o := range a.lines {
			if o.Place.File == l.Place.File {
				counts[a]++
			}
		}
	}
	var best *account
	for _, a := range lg.accounts {
		if counts[a] > 0 && (best == nil || counts[a] > counts[best]) {
			best = a
		}
	}
	return best
}

// taxRate is the tax rate that most of the account's lines have, to size what a missing line would have cost. Lines of
// small amounts do not tell it, so each votes with its amount.
func (a *account) taxRate() money.Decimal {
	if a.rate != nil {
		return *a.rate
	}
	votes := map[string]money.Decimal{}
	best := "0"
	for _, l := range a.lines {
		rate, err := l.Tax.QuoRound(l.Subtotal, money.HalfUp, 4)
		if err != nil {
			continue // a line of 0.00 has no rate
		}
		k := rate.Plain()
		votes[k] = votes[k].Add(l.Subtotal.Abs())
		if c := votes[k].Cmp(votes[best]); c > 0 || c == 0 && k < best {
			best = k
		}
	}
	rate := money.MustParse(best)
	a.rate = &rate
	return rate
}

// withTax adds the account's tax to a net amount, rounded as Microsoft's lines are.
func (a *account) withTax(net money.Decimal) money.Decimal {
	return net.Add(net.MulExact(a.taxRate()).Round(money.HalfUp, 2))
}

// creditsOnly says whether all lines are credits.
func creditsOnly(lines []*usage.Line) bool {
	for _, l := range lines {
		if t, _ := rating.ChargeTypeOf(l); t != rating.ChargeCredit {
			return false
		}
	}
	return len(lines) > 0
}
