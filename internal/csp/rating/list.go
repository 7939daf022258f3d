package rating

import (
	"cmp"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// Listed is a usage group with its list amount, before partner earned credit, in pricing currency.
type Listed struct {
	usage.Group
	Amount  money.Decimal  // 0 for a free group
	Steps   []catalog.Step // how Amount came about; empty when the rows' own printed price was used
	Reached money.Decimal  // price of the tier in which the day ended: what Microsoft prints (decision D04)
	InSheet bool
}

// meter is what tiers accumulate over: an Azure plan's meter in a calendar month (billing reference B2, D04).
type meter struct {
	plan  string
	sku   catalog.ProductSKU
	month period.Month
}

// List finds the list amounts of usage groups. The order of the groups does not matter: days are walked in order per
// meter. Free groups cost nothing and do not move a tier (decision D01).
func List(groups []usage.Group, sheet *catalog.Sheet) []Listed {
	out := make([]Listed, len(groups))
	byMeter := map[meter][]int{}
	for i, g := range groups {
		out[i].Group = g
		k := meter{g.SubscriptionID, catalog.ProductSKU{ProductID: g.ProductID, SkuID: g.SkuID}, g.Month}
		byMeter[k] = append(byMeter[k], i)
	}
	for k, members := range byMeter {
		slices.SortStableFunc(members, func(a, b int) int {
			return cmp.Or(groups[a].From.Compare(groups[b].From), groups[b].PEC.Cmp(groups[a].PEC),
				cmp.Compare(groups[a].ID, groups[b].ID))
		})
		var used money.Decimal
		for _, i := range members {
			used = listOne(&out[i], k.sku, used, sheet)
		}
	}
	return out
}

// listOne prices one group from the running total on and returns the new total.
func listOne(l *Listed, k catalog.ProductSKU, used money.Decimal, sheet *catalog.Sheet) money.Decimal {
	tiers, ok := sheet.Metered(k, l.From)
	l.InSheet = ok
	if l.Free {
		return used
	}
	if !ok {
		l.Reached, l.Amount = l.UnitPrice, l.Quantity.Mul(l.UnitPrice)
		return used.Add(l.Quantity)
	}
	total := used.Add(l.Quantity)
	l.Steps = tiers.Between(used, total)
	if l.Quantity.Sign() < 0 { // a correction gives back what the last units cost
		l.Steps = tiers.Between(total, used)
		for i := range l.Steps {
			l.Steps[i].Quantity, l.Steps[i].Amount = l.Steps[i].Quantity.Neg(), l.Steps[i].Amount.Neg()
		}
	}
	for _, s := range l.Steps {
		l.Amount = l.Amount.Add(s.Amount)
	}
	l.Reached = tiers.Reached(total).Price
	return total
}
