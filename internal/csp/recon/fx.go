package recon

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// pair is a conversion on one invoice, which has one rate (B6).
type pair struct {
	invoice  string
	from, to money.Currency
}

// maxVoters bounds the lines that a rate is tried on.
const maxVoters = 1000

// votes is what speaks for a rate: lines whose amount it gives, lines that print it, and the month's own rate.
type votes struct{ proved, printed, month int }

// consensus is each invoice's rate between two currencies: the one that gives most of its lines' amounts. Lines that a
// rate gives by chance, since they are 0.00, do not count. A rate that only the month's file has is never taken, since
// the lines' own wins (A7), unless it alone gives their amounts.
func consensus(lines []*usage.Line, month map[money.Currency]money.Decimal) map[pair]money.Decimal {
	byPair := map[pair][]*usage.Line{}
	for _, l := range lines {
		if l.FXRate.IsZero() || l.PricingCurrency == l.Currency || l.PricingCurrency == "" || l.Family != usage.FamilyNewCommerce {
			continue
		}
		k := pair{l.InvoiceNumber, l.PricingCurrency, l.Currency}
		byPair[k] = append(byPair[k], l)
	}
	out := map[pair]money.Decimal{}
	for k, list := range byPair {
		out[k] = electRate(k, list, month)
	}
	return out
}

func electRate(k pair, lines []*usage.Line, month map[money.Currency]money.Decimal) money.Decimal {
	count := map[string]*votes{}
	for _, l := range lines {
		if count[l.FXRate.Plain()] == nil {
			count[l.FXRate.Plain()] = &votes{}
		}
		count[l.FXRate.Plain()].printed++
	}
	if rate, ok := crossRate(month, k.from, k.to); ok {
		if count[rate.Plain()] == nil {
			count[rate.Plain()] = &votes{}
		}
		count[rate.Plain()].month = 1
	}
	if len(count) > 1 {
		every := max(1, len(lines)/maxVoters)
		for rate, v := range count {
			for i := 0; i < len(lines); i += every {
				if !lines[i].Subtotal.IsZero() && gives(money.MustParse(rate), lines[i]) {
					v.proved++
				}
			}
		}
	}
	best := slices.MaxFunc(slices.Sorted(maps.Keys(count)), func(a, b string) int {
		x, y := count[a], count[b]
		return cmp.Or(cmp.Compare(x.proved, y.proved), cmp.Compare(x.printed, y.printed), cmp.Compare(x.month, y.month))
	})
	return money.MustParse(best)
}

// gives says whether a rate gives the line's amount.
func gives(rate money.Decimal, l *usage.Line) bool {
	fixed := *l
	fixed.FXRate = rate
	return rating.Recompute(&fixed).Mode != rating.ModeNone
}

// crossRate is the month's rate between two currencies from US dollars per unit, with 9 decimals (A7).
func crossRate(month map[money.Currency]money.Decimal, from, to money.Currency) (money.Decimal, bool) {
	f, okFrom := month[from]
	t, okTo := month[to]
	if from == "USD" {
		f, okFrom = money.FromInt(1), true // the dollar needs no row of its own
	}
	if !okFrom || !okTo || t.IsZero() {
		return money.Zero, false
	}
	q, err := f.QuoRound(t, money.HalfUp, 9)
	return q, err == nil
}

// checkFX: every line of an invoice that converts between the same currencies has its one rate (B6).
func (c *checker) checkFX(r *rating.Rated) *fault {
	l := r.Line
	if l.Family != usage.FamilyNewCommerce || l.FXRate.IsZero() {
		return nil
	}
	if l.PricingCurrency == l.Currency || l.PricingCurrency == "" {
		if l.FXRate.Equal(money.FromInt(1)) {
			return nil
		}
		return c.wrongRate(r, money.FromInt(1), "no conversion is due between equal currencies")
	}
	if rate, ok := c.rates[pair{l.InvoiceNumber, l.PricingCurrency, l.Currency}]; ok && !rate.Equal(l.FXRate) {
		return c.wrongRate(r, rate, "the other lines of the invoice have "+rate.Plain())
	}
	return nil
}

// wrongRate sizes a wrong rate by what the right one makes of the amount. Lines that share the rate are one finding.
func (c *checker) wrongRate(r *rating.Rated, rate money.Decimal, why string) *fault {
	fixed := *r.Line
	fixed.FXRate = rate
	u := rating.Recompute(&fixed)
	right, claimed := u.Expected, r.Line.Subtotal
	if r.Up.Mode != rating.ModeNone { // the amount follows from the wrong rate
		right = amountIn(c.modeOf(r), &fixed, r.Up.EUP, fixed.BillableQuantity)
	} else {
		claimed = amountIn(u.Mode, r.Line, u.EUP, r.Line.BillableQuantity)
	}
	f := lineFault("L3", FX, r.Line, amount(claimed.Sub(right)),
		place(r.Line, "PCToBCExchangeRate", "%s: %s", r.Line.FXRate.Plain(), why),
		fmt.Sprintf("a line converts %s to %s at %s; %s", r.Line.PricingCurrency, r.Line.Currency, r.Line.FXRate.Plain(), why),
		c.effects(r.Line, right)...)
	f.group = fmt.Sprint(r.Line.PricingCurrency, r.Line.Currency, r.Line.FXRate.Plain())
	return f
}

// usageRateChecks: usage converts at its invoice's rate, late usage too (decision D06), into the lines' currency.
func (c *checker) usageRateChecks() {
	for _, b := range c.sortedBuckets() {
		if len(b.Lines) == 0 || c.anyBlamed(b) {
			continue
		}
		for _, g := range b.Groups {
			rate, known := c.rates[pair{b.Key.InvoiceNumber, g.PricingCurrency, g.Currency}]
			switch {
			case g.Currency != b.Lines[0].Currency && g.Currency != "":
				c.usageRateFault(b, g, g.Billed, "BillingCurrency",
					fmt.Sprintf("usage in %s belongs to lines in %s", g.Currency, b.Lines[0].Currency))
			case known && !g.FXRate.IsZero() && !g.FXRate.Equal(rate):
				size := scaled(g.Billed, g.FXRate, rate).Sub(g.Billed)
				if nearest([]money.Decimal{rated(g, g.PEC, rate), rated(g, g.PEC, g.FXRate)}, g.Billed).Equal(rated(g, g.PEC, g.FXRate)) {
					size = g.Billed.Sub(scaled(g.Billed, rate, g.FXRate)) // the money follows from the wrong rate
				}
				c.usageRateFault(b, g, size, "PCToBCExchangeRate", fmt.Sprintf(
					"usage converts %s to %s at %s, its lines at %s", g.PricingCurrency, g.Currency, g.FXRate.Plain(), rate.Plain()))
			}
		}
	}
}

func (c *checker) usageRateFault(b *rating.Bucket, g *rating.Listed, size money.Decimal, column, message string) {
	f := c.groupFault(FX, []*rating.Listed{g}, size, message)
	f.Currency, f.column, f.group = b.Lines[0].Currency, column, column+g.FXRate.Plain()
	c.blame(b)
	c.add(b.Key.InvoiceNumber, f)
}

// rateNotes tells where the month's file has another rate than an invoice's lines, whose own wins (A7).
func (c *checker) rateNotes() {
	keys := slices.SortedFunc(maps.Keys(c.rates), func(a, b pair) int {
		return cmp.Or(cmp.Compare(a.invoice, b.invoice), cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
	})
	for _, k := range keys {
		rate := c.rates[k]
		if month, ok := crossRate(c.in.Rates, k.from, k.to); ok && month.Sub(rate).Abs().Cmp(money.New(1, -8)) > 0 {
			c.note("rate-differs", fmt.Sprintf("invoice %s converts %s to %s at %s; the month's rates give %s", cmp.Or(k.invoice, "(unbilled)"), k.from, k.to, rate.Plain(), month.Plain()), 0)
		}
	}
}
