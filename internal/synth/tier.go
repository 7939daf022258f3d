package synth

import "github.com/chandler-csp/chandler/internal/core/money"

// tier is a step of a graduated price. From and To are as the sheet prints them; the units up to and including upTo,
// which is the lower tier's To, cost price each (B2: ranges have gaps, quantities have decimals).
type tier struct {
	from, to string
	upTo     money.Decimal
	open     bool
	price    money.Decimal
}

// openEnd is how the sheet writes "no last unit", a rounded 2^63.
const openEnd = "9223372036854780000"

// graduated is the list amount of quantity more units after `before` units, and the price of the tier in which they
// end.
func graduated(tiers []tier, before, quantity money.Decimal) (amount, reached money.Decimal) {
	at, end := before, before.Add(quantity)
	for _, t := range tiers {
		top := end
		if !t.open && t.upTo.Less(end) {
			top = t.upTo
		}
		if at.Less(top) {
			amount = amount.Add(top.Sub(at).MulExact(t.price))
			at = top
		}
		if t.open || end.Cmp(t.upTo) <= 0 {
			return amount, t.price
		}
	}
	return amount, reached
}
