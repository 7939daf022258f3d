package pricing

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
)

var (
	hundredth = money.New(1, -2)
	one       = money.FromInt(1)
)

// factor is 1 + p/100, exact.
func factor(p money.Decimal) money.Decimal { return one.Add(p.MulExact(hundredth)) }

// apply runs one operation. linearOnly leaves out what a group does on its sums: tiers start at 0, limits and the
// floor wait.
func (c *calculation) apply(o *Operation, linearOnly bool) {
	switch {
	case o.Percent != nil:
		c.set(c.amount.Mul(factor(*o.Percent)), "x (1 %s %%)", signed(*o.Percent))
	case o.MarginOfSell != nil:
		q, _ := c.amount.Quo(factor(o.MarginOfSell.Neg())) // Validate keeps the margin below 100
		c.set(q, "/ (1 - %s %%): margin of sell", o.MarginOfSell.Plain())
	case o.Discount != nil:
		c.set(c.amount.Mul(factor(o.Discount.Neg())), "x (1 - %s %%): discount", o.Discount.Plain())
	case o.PerUnit != nil:
		p := o.PerUnit[c.currency]
		c.set(c.amount.Add(p.Mul(c.s.Quantity)), "+ %s x %s units", p.Plain(), c.s.Quantity.Plain())
	case o.Graduated != nil, o.Volume != nil:
		c.applyTiers(o, linearOnly)
	case linearOnly:
	case o.Min != nil:
		c.atLeast(o.Min[c.currency])
	case o.Max != nil:
		c.atMost(o.Max[c.currency])
	case o.Floor != "":
		c.floorAtCost()
	}
}

func (c *calculation) applyTiers(o *Operation, linearOnly bool) {
	switch {
	case linearOnly:
		c.set(money.Zero, "tiers are taken on the group")
	case o.Graduated != nil:
		c.set(Graduated(o.Graduated[c.currency], c.s.Quantity), "graduated tiers on %s units", c.s.Quantity.Plain())
	default:
		c.set(Volume(o.Volume[c.currency], c.s.Quantity), "volume tiers on %s units", c.s.Quantity.Plain())
	}
}

func (c *calculation) atLeast(limit money.Decimal) {
	if c.amount.Abs().Less(limit) {
		c.set(withSign(limit, c.sign()), "at least %s", limit.Plain())
	}
}

func (c *calculation) atMost(limit money.Decimal) {
	if limit.Less(c.amount.Abs()) {
		c.set(withSign(limit, c.sign()), "at most %s", limit.Plain())
	}
}

// floorAtCost compares magnitudes, so that a refund mirrors the sale that it reverses (D15).
func (c *calculation) floorAtCost() {
	cost := c.convert(c.s.Cost)
	if c.amount.Abs().Less(cost.Abs()) {
		c.set(cost, "never below cost %s", cost.Plain())
	}
}

// sign is that of the line: of its amount, else of its cost, else of its quantity; 1 when all are 0.
func (c *calculation) sign() int {
	for _, a := range []money.Decimal{c.amount, c.s.Cost, c.s.Quantity} {
		if !a.IsZero() {
			return a.Sign()
		}
	}
	return 1
}

func withSign(magnitude money.Decimal, sign int) money.Decimal {
	if sign < 0 {
		return magnitude.Neg()
	}
	return magnitude
}

// signed writes a percentage with its sign apart: "+ 10", "- 3".
func signed(p money.Decimal) string {
	if p.Sign() < 0 {
		return fmt.Sprintf("- %s", p.Neg().Plain())
	}
	return fmt.Sprintf("+ %s", p.Plain())
}

// Graduated prices each unit at its own tier's price; the boundary belongs to the lower tier. A negative quantity
// mirrors the positive one. Units above the last closed tier sell at its price.
func Graduated(tiers []Tier, quantity money.Decimal) money.Decimal {
	var amount, below money.Decimal
	left := quantity.Abs()
	for i, t := range tiers {
		units := left
		if t.UpTo != nil && i < len(tiers)-1 {
			units = money.Min(left, t.UpTo.Sub(below))
			below = *t.UpTo
		}
		amount = amount.Add(t.Price.Mul(units))
		left = left.Sub(units)
	}
	return withSign(amount, quantity.Sign())
}

// Volume prices all units at the price of the tier that the quantity reaches. A negative quantity mirrors the positive.
func Volume(tiers []Tier, quantity money.Decimal) money.Decimal {
	for i, t := range tiers {
		if t.UpTo == nil || i == len(tiers)-1 || quantity.Abs().Cmp(*t.UpTo) <= 0 {
			return t.Price.Mul(quantity)
		}
	}
	return money.Zero
}
