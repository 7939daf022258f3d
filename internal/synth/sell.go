package synth

import "github.com/chandler-csp/chandler/internal/core/money"

// sold is what a month sells for under each rule set.
type sold struct {
	lines  map[string]map[*line]money.Decimal // sets that round lines
	groups []group                            // of the set that rounds groups
	fees   map[customerKey]money.Decimal
}

type customerKey struct {
	customer *customer
	currency money.Currency
}

// group is what the retail set rounds together.
type group struct {
	customerKey
	subscriptionID, productID, skuID string
	amount                           money.Decimal
}

// finish is a sell amount after its last rounding, half-up; before it 12 decimals are kept (D20).
func finish(x money.Decimal) money.Decimal {
	return halfUp(x.Round(money.HalfEven, roundingDigits))
}

// sell prices the lines by every set, straight from what the sets say.
func (p rules) sell(lines []*line) sold {
	s := sold{lines: map[string]map[*line]money.Decimal{RulesCostPlus: {}, RulesMixed: {}, RulesKeptPEC: {}}}
	for _, l := range lines {
		if l.kind == kindCredit { // D13
			for _, set := range s.lines {
				set[l] = l.subtotal
			}
			continue
		}
		s.lines[RulesCostPlus][l] = finish(l.subtotal.Add(percentOf(l.subtotal, p.costPlus)))
		s.lines[RulesKeptPEC][l] = finish(l.list())
		s.lines[RulesMixed][l] = p.mixed(l)
	}
	s.groups = p.retailGroups(lines)
	s.fees = p.minimumFees(lines, s.lines[RulesMixed])
	return s
}

// mixed is the third set: one meter at a fixed price, other usage at retail less a share of the credit, everything
// else with a margin of the sell price.
func (p rules) mixed(l *line) money.Decimal {
	switch {
	case l.meterID == p.fixedMeter && l.kind == kindAzure:
		return finish(p.fixed[l.invoice.currency].MulExact(l.billable))
	case l.kind == kindAzure:
		return finish(l.list().Sub(percentOf(l.pecCredit, p.pecShare)))
	default:
		sell := quotient(l.subtotal.MulExact(hundred), hundred.Sub(p.margin))
		return sell.Round(money.HalfEven, roundingDigits).Round(money.HalfEven, 2)
	}
}

// retailGroups sums cost and retail by group, takes the percentage off, and holds the result against the cost by
// magnitude, so that a refund mirrors its sale (D15). Credits are lines of their own.
func (p rules) retailGroups(lines []*line) []group {
	type sums struct{ cost, list money.Decimal }
	at := map[group]*sums{}
	var order []group
	var out []group
	for _, l := range lines {
		k := group{customerKey: customerKey{l.customer, l.invoice.currency}, subscriptionID: l.subscriptionID, productID: l.productID, skuID: l.skuID}
		if l.kind == kindCredit {
			k.amount = l.subtotal
			out = append(out, k)
			continue
		}
		if at[k] == nil {
			at[k] = &sums{}
			order = append(order, k)
		}
		at[k].cost, at[k].list = at[k].cost.Add(l.subtotal), at[k].list.Add(l.list())
	}
	for _, k := range order {
		sell := less(at[k].list, p.retailLess)
		if sell.Abs().Less(at[k].cost.Abs()) {
			sell = at[k].cost
		}
		k.amount = finish(sell)
		out = append(out, k)
	}
	return out
}

// minimumFees is what customers with usage lines lack to the minimum, credits apart (D16).
func (p rules) minimumFees(lines []*line, sells map[*line]money.Decimal) map[customerKey]money.Decimal {
	sums := map[customerKey]money.Decimal{}
	for _, l := range lines {
		if l.kind == kindAzure {
			k := customerKey{l.customer, l.invoice.currency}
			sums[k] = sums[k].Add(sells[l])
		}
	}
	for k, sum := range sums {
		sums[k] = money.Max(money.Zero, p.minimum[k.currency].Sub(sum))
	}
	return sums
}
