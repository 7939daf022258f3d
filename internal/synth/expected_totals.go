package synth

import (
	"cmp"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
)

func (a *Amounts) add(cost, retail, credit money.Decimal) {
	a.Cost, a.Retail, a.PECCredit = a.Cost.Add(cost), a.Retail.Add(retail), a.PECCredit.Add(credit)
}

func (a *Amounts) sellMore(set string, amount money.Decimal) {
	if a.Sell == nil {
		a.Sell = map[string]money.Decimal{}
	}
	a.Sell[set] = a.Sell[set].Add(amount)
}

// customerTotals sums lines, groups and fees by customer and currency.
func customerTotals(all []*line, s sold) []CustomerTotal {
	at := map[customerKey]*CustomerTotal{}
	of := func(k customerKey) *CustomerTotal {
		if at[k] == nil {
			at[k] = &CustomerTotal{TenantID: k.customer.id, Name: k.customer.name, Currency: k.currency}
		}
		return at[k]
	}
	for _, l := range all {
		t := of(customerKey{l.customer, l.invoice.currency})
		t.add(l.subtotal, l.list(), l.pecCredit)
		for set, amounts := range s.lines {
			t.sellMore(set, amounts[l])
		}
	}
	for _, g := range s.groups {
		of(g.customerKey).sellMore(RulesRetail, g.amount)
	}
	for k, fee := range s.fees {
		t := of(k)
		t.MinimumFee = fee
		t.sellMore(RulesMixed, fee)
	}
	out := make([]CustomerTotal, 0, len(at))
	for _, t := range at {
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b CustomerTotal) int {
		return cmp.Or(cmp.Compare(a.TenantID, b.TenantID), cmp.Compare(a.Currency, b.Currency))
	})
	return out
}

func totals(customers []CustomerTotal) []Total {
	var out []Total
	for _, c := range customers {
		i := slices.IndexFunc(out, func(t Total) bool { return t.Currency == c.Currency })
		if i < 0 {
			i, out = len(out), append(out, Total{Currency: c.Currency})
		}
		out[i].add(c.Cost, c.Retail, c.PECCredit)
		for set, amount := range c.Sell {
			out[i].sellMore(set, amount)
		}
	}
	slices.SortFunc(out, func(a, b Total) int { return cmp.Compare(a.Currency, b.Currency) })
	return out
}

// seatCounts are the licences that the month's lines name, with what their events left.
func (b *builder) seatCounts() []Seats {
	out := make([]Seats, 0, len(b.counts))
	for k, n := range b.counts {
		k.Seats = n
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b Seats) int {
		return cmp.Or(cmp.Compare(a.SubscriptionID, b.SubscriptionID), cmp.Compare(a.ProductID, b.ProductID), cmp.Compare(a.SkuID, b.SkuID))
	})
	return out
}

// roundings are the buckets' rows less their lines; a bucket that is free keeps nothing back.
func (b *builder) roundings() []Rounding {
	sums := map[bucket]money.Decimal{}
	var order []bucket
	for _, u := range b.usage {
		k := u.bucket()
		if _, ok := sums[k]; !ok {
			order = append(order, k)
		}
		sums[k] = sums[k].Add(u.billing())
	}
	for k, charged := range b.charged {
		sums[k] = sums[k].Sub(charged)
	}
	out := make([]Rounding, 0, len(order))
	for _, k := range order {
		out = append(out, Rounding{k.plan.invoice.number, k.plan.id, k.meter.productID, k.meter.skuID, k.meter.availabilityID, k.pec, sums[k]})
	}
	return out
}
