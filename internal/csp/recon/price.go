package recon

import (
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/rating"
)

// checkPrice: the unit price is the sheet's (L3, decisions D03, D04, D09). Lines of a product that share a wrong price
// are one finding.
func (c *checker) checkPrice(r *rating.Rated) *fault {
	if r.PriceAgrees() {
		return nil
	}
	l, right := r.Line, nearest(r.ListPrice, r.Line.UnitPrice)
	expected, size := c.priced(r, right)
	f := lineFault("L3", Price, l, amount(size),
		place(l, "UnitPrice", "%s; the price sheet has %s", l.UnitPrice.Plain(), right.Plain()),
		fmt.Sprintf("unit price %s of %s is not the sheet's %s", l.UnitPrice.Plain(), name(l), right.Plain()), c.effects(l, expected)...)
	f.group = fmt.Sprint(l.ProductID, l.SkuID, l.UnitPrice.Plain(), right.Plain())
	return f
}

// nearest is the price that a wrong one was most likely meant to be: sheets have one for each segment, and a line does
// not say which is its customer's.
func nearest(prices []money.Decimal, to money.Decimal) money.Decimal {
	return slices.MinFunc(prices, func(a, b money.Decimal) int { return a.Sub(to).Abs().Cmp(b.Sub(to).Abs()) })
}

// priced is what the line would charge at the right unit price, and what the wrong one makes of it: where the line's
// amount follows from its wrong price, the difference; where the amount follows from the right one, what it would
// differ by if it followed.
func (c *checker) priced(r *rating.Rated, right money.Decimal) (expected, size money.Decimal) {
	l := r.Line
	fixed := *l
	fixed.UnitPrice = right
	eup := scaled(l.EffectiveUnitPrice, right, l.UnitPrice)
	if r.Category == rating.Licence {
		eup = rating.DerivedEUP(&fixed, r.Up.Share)
	}
	if c.followsFrom(r, right, eup) {
		wrong := amountIn(c.modeOf(r), l, scaled(r.Up.EUP, l.UnitPrice, right), l.BillableQuantity)
		if list, ok := listOf(r); ok {
			wrong = rating.UsageAmount(scaled(list, l.UnitPrice, right).Mul(kept(rating.StatedPEC(l))), money.FromInt(1), rateOf(l))
		}
		return l.Subtotal, wrong.Sub(l.Subtotal)
	}
	expected = amountIn(c.modeOf(r), l, eup, l.BillableQuantity)
	if listed, ok := listCost(r); ok {
		expected = listed
	}
	return expected, c.claimed(r).Sub(expected)
}

// followsFrom says that the line's effective unit price is that of the sheet's price and not of its own.
func (c *checker) followsFrom(r *rating.Rated, right, eup money.Decimal) bool {
	l := r.Line
	switch listed, ok := listCost(r); {
	case r.Category == rating.Licence:
		return !r.Up.Prorates && l.EffectiveUnitPrice.Sub(eup).Abs().Cmp(cent) <= 0
	case rating.Metered(l):
		return ok && listed.Equal(l.Subtotal)
	default:
		return l.EffectiveUnitPrice.Equal(right)
	}
}

// listCost is what a metered line charges by the price sheet, its usage and its own credit flag; false where its usage
// is not all there or no sheet has the product.
func listCost(r *rating.Rated) (money.Decimal, bool) {
	return listCostAt(r, rating.StatedPEC(r.Line))
}

func listCostAt(r *rating.Rated, pec money.Decimal) (money.Decimal, bool) {
	list, ok := listOf(r)
	return rating.UsageAmount(list.Mul(kept(pec)), money.FromInt(1), rateOf(r.Line)), ok
}

// listOf is the list amount of a metered line's usage by the price sheet, in pricing currency.
func listOf(r *rating.Rated) (money.Decimal, bool) {
	var list money.Decimal
	for _, g := range r.Usage {
		if !g.InSheet {
			return money.Zero, false
		}
		list = list.Add(g.Amount)
	}
	return list, len(r.Usage) > 0 && r.Gap.Abs().Cmp(tolerance) <= 0
}

// kept is the part of a list amount that a percentage of credit leaves.
func kept(pec money.Decimal) money.Decimal { return money.FromInt(100).Sub(pec).Mul(cent) }

// scaled is value x to / from; value itself where that cannot be told.
func scaled(value, to, from money.Decimal) money.Decimal {
	q, err := value.MulExact(to).Quo(from)
	if err != nil {
		return value
	}
	return q
}
