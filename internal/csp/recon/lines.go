package recon

import (
	"cmp"
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// place is the evidence of a line, at one of its columns.
func place(l *usage.Line, column, format string, args ...any) Evidence {
	return Evidence{File: l.Place.File, Line: l.Place.Line, Column: column, Detail: fmt.Sprintf(format, args...)}
}

// lineFault makes the one finding of a line.
func lineFault(level string, class Class, l *usage.Line, size *money.Decimal, e Evidence, message string,
	effects ...money.Decimal,
) *fault {
	return &fault{count: 1, effects: effects, Finding: Finding{
		Key: keyOf(level, class, l.InvoiceNumber, l.SubscriptionID, l.ProductID, l.SkuID, l.AvailabilityID,
			l.ReferenceID, l.OrderID, l.ChargeType), Level: level, Class: class, Severity: Error,
		Currency: l.Currency, Amount: size, Message: message, Evidence: []Evidence{e},
	}}
}

// effects are what the invoice would differ by if the line's Subtotal alone were wrong and the right one were one of
// these: without tax, and with the tax that follows from it.
func (c *checker) effects(l *usage.Line, rights ...money.Decimal) []money.Decimal {
	var list []money.Decimal
	for _, right := range rights {
		list = append(list, right.Sub(l.Subtotal))
		if a := c.ledger.byNumber[l.InvoiceNumber]; a != nil {
			list = append(list, a.withTax(right).Sub(l.Total))
		}
	}
	return distinct(list)
}

// checkTax: Subtotal + Tax is Total (A5).
func (c *checker) checkTax(r *rating.Rated) *fault {
	l := r.Line
	off := l.Total.Sub(l.Subtotal.Add(l.Tax))
	if off.IsZero() || l.Family == usage.FamilyCostRow || l.Total.IsZero() && l.Family == usage.FamilyNewCommerce && l.InvoiceNumber == "" {
		return nil // unbilled pages print 0 for a total that does not exist yet
	}
	return lineFault("L2", Tax, l, amount(off.Abs()), place(l, "Total", "%s + %s is not %s", l.Subtotal, l.Tax, l.Total),
		fmt.Sprintf("Subtotal and tax of a line are %s %s apart from its total", off.Abs(), l.Currency), off.Neg())
}

// checkPeriod: an event is billed in the month in which it happened (B7). A refund may reach back to the day of a
// purchase just before the month, and what is no licence may be ordered in the month for another. Metered lines are held
// against their usage instead, and credits are for months that are over.
func (c *checker) checkPeriod(r *rating.Rated) *fault {
	l := r.Line
	if l.Family != usage.FamilyNewCommerce || l.InvoiceNumber == "" || r.Type == rating.ChargeCredit || rating.Metered(l) ||
		l.ChargeStart.IsZero() || c.in.Period.Holds(l.ChargeStart) {
		return nil
	}
	reachesBack := r.Category != rating.Licence || refunds(l) && l.ChargeStart.Before(l.OrderDate)
	if reachesBack && c.in.Period.Holds(l.OrderDate) {
		return nil
	}
	return lineFault("L3", Timing, l, amount(l.Subtotal), place(l, "ChargeStartDate", "%s lies outside %s", l.ChargeStart, c.in.Period),
		fmt.Sprintf("a %s charge from %s stands on an invoice of %s", r.Category, l.ChargeStart, c.in.Period), l.Total.Neg())
}

// refunds says whether a line gives money back.
func refunds(l *usage.Line) bool {
	if !l.Subtotal.IsZero() {
		return l.Subtotal.Sign() < 0
	}
	return l.EffectiveUnitPrice.Sign() < 0
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

// amountIn is a line's Subtotal at an effective unit price, in the rounding family that the line follows.
func amountIn(mode rating.Mode, l *usage.Line, eup, quantity money.Decimal) money.Decimal {
	switch mode {
	case rating.ModeUsage:
		return rating.UsageAmount(eup, quantity, rateOf(l))
	case rating.ModeUnit:
		return rating.UnitAmount(eup, quantity, rateOf(l))
	default:
		return rating.LineAmount(eup, quantity, rateOf(l))
	}
}

// checkProration: the effective unit price follows from price, promotion and days (B4).
func (c *checker) checkProration(r *rating.Rated) *fault {
	l := r.Line
	if r.Category != rating.Licence || l.Family != usage.FamilyNewCommerce || r.Type == rating.ChargeCredit || r.Up.Prorates {
		return nil
	}
	eup, mode := rating.DerivedEUP(l, r.Up.Share), c.modeOf(r)
	right := amountIn(mode, l, eup, l.BillableQuantity)
	return lineFault("L2", Proration, l, amount(c.claimed(r).Sub(right)),
		place(l, "EffectiveUnitPrice", "%s for %s to %s (%d of %d days) of %s", l.EffectiveUnitPrice.Plain(), l.ChargeStart,
			l.ChargeEnd, r.Up.Share.Days, r.Up.Share.Of, l.UnitPrice.Plain()),
		fmt.Sprintf("the charge for %s does not follow from its days", name(l)), c.effects(l, c.bothModes(r, right, eup)...)...)
}

// bothModes are the amounts that a licence line may have at an effective unit price, the likelier first.
func (c *checker) bothModes(r *rating.Rated, likely, eup money.Decimal) []money.Decimal {
	if r.Category != rating.Licence {
		return []money.Decimal{likely}
	}
	l := r.Line
	return []money.Decimal{likely, amountIn(rating.ModeUnit, l, eup, l.BillableQuantity), amountIn(rating.ModeLine, l, eup, l.BillableQuantity)}
}

// modeOf is the rounding family of a line. Where its amount does not tell unit from line rounding, the other lines of
// its event do, then those of its subscription.
func (c *checker) modeOf(r *rating.Rated) rating.Mode {
	telling := func(m rating.Mode) bool { return m == rating.ModeUnit || m == rating.ModeLine }
	if r.Category != rating.Licence || telling(r.Up.Mode) {
		return r.Up.Mode
	}
	if c.modes == nil {
		c.modes = &modes{byEvent: map[string]rating.Mode{}, bySubscription: map[string]rating.Mode{}}
		for _, o := range c.in.Lines {
			if telling(o.Up.Mode) {
				c.modes.byEvent[o.Line.ReferenceID], c.modes.bySubscription[o.Line.SubscriptionID] = o.Up.Mode, o.Up.Mode
			}
		}
		delete(c.modes.byEvent, "")
	}
	return cmp.Or(c.modes.byEvent[r.Line.ReferenceID], c.modes.bySubscription[r.Line.SubscriptionID], r.Up.Mode)
}

// modes are the rounding families of seat lines that tell theirs.
type modes struct{ byEvent, bySubscription map[string]rating.Mode }

// claimed is what the line's own numbers make of it: its Subtotal, where that follows from them.
func (c *checker) claimed(r *rating.Rated) money.Decimal {
	if r.Up.Mode != rating.ModeNone {
		return r.Line.Subtotal
	}
	if mode := c.modeOf(r); mode != rating.ModeNone {
		return amountIn(mode, r.Line, r.Up.EUP, r.Line.BillableQuantity)
	}
	return r.Up.Expected
}

// checkAmount: the Subtotal follows from the line's own numbers by one of the rounding families (L2, B1). A licence may
// lie up to a cent a unit away, within which nobody can tell the two seat families apart, and a metered line as far from
// its usage as truncation may take it. Beyond that, what is small is a rounding that nobody explains, and what is large a
// wrong amount.
func (c *checker) checkAmount(r *rating.Rated) *fault {
	l := r.Line
	if r.Up.Mode != rating.ModeNone || l.Family == usage.FamilyLegacyLicence {
		return nil
	}
	expected := c.claimed(r)
	off := l.Subtotal.Sub(expected)
	f := lineFault("L2", Price, l, amount(off),
		place(l, "Subtotal", "%s; %s x %s at %s gives %s", l.Subtotal, l.EffectiveUnitPrice.Plain(), l.BillableQuantity.Plain(),
			rateOf(l).Plain(), expected),
		fmt.Sprintf("the amount of %s is %s %s away from its own numbers", name(l), off, l.Currency), c.effects(l, c.bothModes(r, expected, r.Up.EUP)...)...)
	switch {
	case r.Category == rating.Licence && off.Abs().Cmp(l.BillableQuantity.Abs().Mul(cent)) <= 0, withinUsage(r, off):
		f.Class, f.tentative, c.within = Rounding, true, c.within+1
	case r.Category == rating.Licence:
		f.Class = Proration
	case off.Abs().Cmp(money.Max(cent.Mul(money.FromInt(10)), expected.Abs().Mul(cent))) <= 0:
		f.Class = Rounding
	}
	return f
}

// withinUsage says that a metered line lies within what truncation may keep back of its usage, and of its own numbers.
func withinUsage(r *rating.Rated, off money.Decimal) bool {
	if !rating.Metered(r.Line) || len(r.Usage) == 0 || r.Gap.Abs().Cmp(tolerance) > 0 || off.Abs().Cmp(bound(r.Line)) >= 0 {
		return false
	}
	back := billed(r.Usage).Sub(r.Line.Subtotal)
	if r.Line.Subtotal.Sign() < 0 {
		back = back.Neg()
	}
	return back.Add(hair).Sign() >= 0 && back.Less(bound(r.Line))
}

// cent is 0.01 of any currency; Microsoft's lines have two decimals in all of them.
var cent = money.New(1, -2)
