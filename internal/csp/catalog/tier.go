package catalog

import (
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// Tier is one step of a graduated price: units up to and including UpTo cost Price each.
type Tier struct {
	UpTo  money.Decimal
	Open  bool // no upper end
	Price money.Decimal
	RowID string
}

// Tiers is a price of one meter on one day, lowest step first; one open step when the meter has no tiers.
// The boundary between two steps is the lower step's Max, since quantities are fractional (billing reference B2).
type Tiers []Tier

// tiersOf orders the rows that are valid on one day into steps.
func tiersOf(rows []PriceRow) Tiers {
	t := make(Tiers, 0, len(rows))
	for _, r := range rows {
		t = append(t, Tier{UpTo: r.TierMax, Open: r.TierOpen, Price: r.UnitPrice, RowID: r.ID})
	}
	slices.SortStableFunc(t, func(a, b Tier) int {
		switch {
		case a.Open != b.Open && a.Open:
			return 1
		case a.Open != b.Open:
			return -1
		default:
			return a.UpTo.Cmp(b.UpTo)
		}
	})
	return t
}

// Step is a part of a graduated amount: so many units at a tier's price.
type Step struct {
	Quantity money.Decimal
	Price    money.Decimal
	Amount   money.Decimal
	RowID    string
}

// Between is the list amount of the units from the running total `from` to `to`, step by step; their amounts sum to
// the whole. Units above the last closed tier cost that tier's price.
func (t Tiers) Between(from, to money.Decimal) []Step {
	var steps []Step
	lower := from
	for i, tier := range t {
		last := tier.Open || i == len(t)-1
		if !last && tier.UpTo.Cmp(lower) <= 0 {
			continue
		}
		upper := to
		if !last {
			upper = money.Min(to, tier.UpTo)
		}
		if q := upper.Sub(lower); q.Sign() > 0 {
			steps = append(steps, Step{Quantity: q, Price: tier.Price, Amount: q.Mul(tier.Price), RowID: tier.RowID})
			lower = upper
		}
		if lower.Cmp(to) >= 0 {
			break
		}
	}
	return steps
}

// Graduated is the list amount of quantity units from the first on.
func (t Tiers) Graduated(quantity money.Decimal) money.Decimal {
	var sum money.Decimal
	for _, s := range t.Between(money.Zero, quantity) {
		sum = sum.Add(s.Amount)
	}
	return sum
}

// Reached is the tier in which the quantity ends: the price that Microsoft prints on the line (decision D04).
func (t Tiers) Reached(quantity money.Decimal) Tier {
	for i, tier := range t {
		if tier.Open || i == len(t)-1 || quantity.Cmp(tier.UpTo) <= 0 {
			return tier
		}
	}
	return Tier{}
}
