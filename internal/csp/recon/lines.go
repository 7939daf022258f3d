package recon

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// place is the evidence of a line, at one of its columns.
func place(l *usage.Line, column, format string, args ...any) Evidence {
	return Evidence{File: l.Place.File, Line: l.Place.Line, Column: column, Detail: fmt.Sprintf(format, args...)}
}

// lineFault makes the one finding of a line.
func lineFault(level string, class Class, l *usage.Line, size *money.Decimal, e Evidence, message string,
	effects ...money.Decimal) *fault {
	return &fault{count: 1, effects: effects, Finding: Finding{
		Key: keyOf(level, class, l.InvoiceNumber, l.SubscriptionID, l.ProductID, l.SkuID, l.AvailabilityID,
			l.ReferenceID, l.OrderID, l.ChargeType), Level: level, Class: class, Severity: Error,
		Currency: l.Currency, Amount: size, Message: message, Evidence: []Evidence{e}}}
}

// lineChecks runs the checks of one line in the order in which one fault hides the next: a wrong rate explains a wrong
// amount, a wrong price explains a wrong proration. The first that speaks is the line's finding.
func (c *checker) lineChecks(r *rating.Rated) *fault {
	for _, check := range []func(*rating.Rated) *fault{
		c.checkTax, c.checkPeriod, c.checkFX, c.checkPrice, c.checkProration, c.checkAmount,
	} {
		if f := check(r); f != nil {
			return f
		}
	}
	return nil
}

// checkTax: Subtotal + Tax is Total (A5).
func (c *checker) checkTax(r *rating.Rated) *fault {
	l := r.Line
	off := l.Total.Sub(l.Subtotal.Add(l.Tax))
	if off.IsZero() || l.Family == usage.FamilyCostRow || l.Total.IsZero() && l.Family == usage.FamilyNewCommerce && l.InvoiceNumber == "" {
		return nil // unbilled pages print 0 for a total that does not exist yet
	}
	return lineFault("L2", Tax, l, amount(off), place(l, "Total", "%s + %s is not %s", l.Subtotal, l.Tax, l.Total),
		fmt.Sprintf("Subtotal and tax of a line are %s %s apart from its total", off, l.Currency), off.Neg())
}

// checkPeriod: a licence event is billed in the month in which it happened (B7).
func (c *checker) checkPeriod(r *rating.Rated) *fault {
	l := r.Line
	if r.Category != rating.Licence || l.Family != usage.FamilyNewCommerce || l.InvoiceNumber == "" ||
		l.ChargeStart.IsZero() || c.in.Period.Holds(l.ChargeStart) || c.in.Period.Holds(l.OrderDate) && agreesWithCycle(r) {
		return nil
	}
	return lineFault("L3", Timing, l, amount(l.Subtotal), place(l, "ChargeStartDate", "%s lies outside %s", l.ChargeStart, c.in.Period),
		fmt.Sprintf("a licence charge from %s stands on an invoice of %s", l.ChargeStart, c.in.Period))
}

func agreesWithCycle(r *rating.Rated) bool { return r.Up.HasCycle && r.Up.Prorates }

// checkFX: every line of an invoice that converts between the same currencies has the month's one rate (B6).
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

// wrongRate sizes a wrong rate by what the right one makes of the amount.
func (c *checker) wrongRate(r *rating.Rated, rate money.Decimal, why string) *fault {
	fixed := *r.Line
	fixed.FXRate = rate
	right := rating.Recompute(&fixed)
	size := r.Up.Expected.Sub(right.Expected)
	return lineFault("L3", FX, r.Line, amount(size),
		place(r.Line, "PCToBCExchangeRate", "%s: %s", r.Line.FXRate.Plain(), why),
		fmt.Sprintf("a line converts %s to %s at %s; %s", r.Line.PricingCurrency, r.Line.Currency, r.Line.FXRate.Plain(), why),
		right.Expected.Sub(r.Line.Subtotal))
}

// checkPrice: the unit price is the sheet's (L3, decisions D03, D04, D09).
func (c *checker) checkPrice(r *rating.Rated) *fault {
	if r.PriceAgrees() {
		return nil
	}
	l, right := r.Line, r.ListPrice[0]
	gap := l.UnitPrice.Sub(right)
	size := r.Up.Share.Apply(gap.MulExact(l.BillableQuantity)).Mul(rateOf(l)).Round(money.HalfUp, 2)
	fixed := *l
	fixed.UnitPrice = right
	fixed.EffectiveUnitPrice = scaled(l.EffectiveUnitPrice, right, l.UnitPrice)
	return lineFault("L3", Price, l, amount(size),
		place(l, "UnitPrice", "%s; the price sheet has %s", l.UnitPrice.Plain(), right.Plain()),
		fmt.Sprintf("unit price %s of %s is not the sheet's %s", l.UnitPrice.Plain(), name(l), right.Plain()),
		rating.Recompute(&fixed).Expected.Sub(l.Subtotal))
}

// scaled is value x to / from; value itself where that cannot be told.
func scaled(value, to, from money.Decimal) money.Decimal {
	q, err := value.MulExact(to).Quo(from)
	if err != nil {
		return value
	}
	return q
}

func rateOf(l *usage.Line) money.Decimal {
	if l.FXRate.IsZero() {
		return money.FromInt(1)
	}
	return l.FXRate
}

func name(l *usage.Line) string {
	if l.SkuName != "" {
		return l.SkuName
	}
	return l.ProductName
}

// checkProration: the effective unit price follows from price, promotion and days (B4).
func (c *checker) checkProration(r *rating.Rated) *fault {
	l := r.Line
	if r.Category != rating.Licence || l.Family != usage.FamilyNewCommerce || r.Type == rating.ChargeCredit {
		return nil
	}
	if r.Up.HasCycle && r.Up.Prorates || !r.Up.HasCycle && anyCycle(l) {
		return nil
	}
	want := *l
	want.EffectiveUnitPrice = rating.DerivedEUP(l, r.Up.Share)
	expected := rating.Recompute(&want).Expected
	return lineFault("L2", Proration, l, amount(l.Subtotal.Sub(expected)),
		place(l, "EffectiveUnitPrice", "%s for %s to %s (%d of %d days) of %s", l.EffectiveUnitPrice.Plain(), l.ChargeStart,
			l.ChargeEnd, r.Up.Share.Days, r.Up.Share.Of, l.UnitPrice.Plain()),
		fmt.Sprintf("the charge for %s does not follow from its days", name(l)), expected.Sub(l.Subtotal))
}

// anyCycle accepts an aligned end date, which no cycle of the term explains: some usual cycle length does (B4,
// coterminosity).
func anyCycle(l *usage.Line) bool {
	if l.ChargeStart.IsZero() || l.ChargeEnd.IsZero() {
		return true
	}
	days := l.ChargeStart.DaysThrough(l.ChargeEnd)
	for _, of := range []int{28, 29, 30, 31, 365, 366, days} {
		eup := rating.DerivedEUP(l, rating.Share{Days: days, Of: of})
		if l.EffectiveUnitPrice.Sub(eup).Abs().Cmp(money.New(1, -2)) < 0 {
			return true
		}
	}
	return false
}

// checkAmount: the Subtotal follows from the line's own numbers by one of the rounding families (L2, B1). Up to a cent
// a unit is a rounding that nobody explains; more is a wrong amount.
func (c *checker) checkAmount(r *rating.Rated) *fault {
	if r.Up.Mode != rating.ModeNone || r.Line.Family == usage.FamilyLegacyLicence {
		return nil
	}
	l, off := r.Line, r.Line.Subtotal.Sub(r.Up.Expected)
	class, bound := Price, money.New(2, -2)
	if r.Category == rating.Licence {
		class, bound = Proration, l.BillableQuantity.Abs().Mul(money.New(1, -2))
	}
	if off.Abs().Cmp(bound) <= 0 {
		class = Rounding
	}
	return lineFault("L2", class, l, amount(off),
		place(l, "Subtotal", "%s; %s x %s at %s gives %s", l.Subtotal, l.EffectiveUnitPrice.Plain(), l.BillableQuantity.Plain(),
			rateOf(l).Plain(), r.Up.Expected),
		fmt.Sprintf("the amount of %s is %s %s away from its own numbers", name(l), off, l.Currency), off.Neg())
}

// checkType: an unknown charge type still counts in every total (unknown is shown as unknown).
func (c *checker) checkType(r *rating.Rated) *fault {
	if r.Known {
		return nil
	}
	return lineFault("L2", ChargeType, r.Line, amount(r.Line.Total),
		place(r.Line, "ChargeType", "%q is not a documented charge type", r.Line.ChargeType),
		fmt.Sprintf("charge type %q is unknown; the line counts in every total", r.Line.ChargeType))
}

type pair struct {
	invoice  string
	from, to money.Currency
}

// consensus is the rate that most lines of an invoice have between two currencies; the month's own rate decides a tie.
func consensus(lines []*usage.Line, month map[money.Currency]money.Decimal) map[pair]money.Decimal {
	counts := map[pair]map[string]int{}
	for _, l := range lines {
		if l.FXRate.IsZero() || l.PricingCurrency == l.Currency || l.PricingCurrency == "" {
			continue
		}
		k := pair{l.InvoiceNumber, l.PricingCurrency, l.Currency}
		if counts[k] == nil {
			counts[k] = map[string]int{}
		}
		counts[k][l.FXRate.Plain()]++
	}
	out := map[pair]money.Decimal{}
	for k, rates := range counts {
		best, n := "", 0
		for rate, seen := range rates {
			if monthly, ok := crossRate(month, k.from, k.to); ok && monthly.Plain() == rate {
				seen++
			}
			if seen > n || seen == n && rate < best {
				best, n = rate, seen
			}
		}
		out[k] = money.MustParse(best)
	}
	return out
}

// crossRate is the month's rate between two currencies from US dollars per unit, with 9 decimals (A7).
func crossRate(month map[money.Currency]money.Decimal, from, to money.Currency) (money.Decimal, bool) {
	f, okFrom := month[from]
	t, okTo := month[to]
	if !okFrom || !okTo || t.IsZero() {
		return money.Zero, false
	}
	q, err := f.QuoRound(t, money.HalfUp, 9)
	return q, err == nil
}

// hasSheet says whether any imported sheet knows the line's product.
func hasSheet(s *catalog.Sheet, l *usage.Line) bool {
	return s.Has(catalog.ProductSKU{ProductID: l.ProductID, SkuID: l.SkuID})
}
