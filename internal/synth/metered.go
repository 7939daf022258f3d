package synth

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// adjustment texts as lines print them.
const (
	pecText      = "15.0% Partner earned credit for services managed"
	freeTierText = "100.0% Tier 1 Discount"
)

// meteredKey is what one line sums: a bucket, and the month of its usage, since late usage has a line of its own (D06).
type meteredKey struct {
	bucket
	month period.Month
}

// meteredLines makes the usage lines: the rows that carry a charge, summed (D01), in the order in which they appear.
func (b *builder) meteredLines() {
	rows := map[meteredKey][]*usageRow{}
	var order []meteredKey
	for _, u := range b.usage {
		k := meteredKey{u.bucket(), u.date.Month()}
		if u.free() {
			continue
		}
		if rows[k] == nil {
			order = append(order, k)
		}
		rows[k] = append(rows[k], u)
	}
	for _, k := range order {
		b.meteredLine(k, rows[k])
	}
}

func (b *builder) meteredLine(k meteredKey, rows []*usageRow) {
	p, m := k.plan, k.meter
	l := b.newLine(p.invoice, p.customer, p.reseller, b.Period.Last().AddDays(3))
	l.kind, l.mode, l.chargeType = kindAzure, ModeUsage, "new"
	l.productID, l.skuID, l.availabilityID = m.productID, m.skuID, m.availabilityID
	l.productName, l.skuName, l.meter, l.unit, l.meterID = m.category, m.sku, m.sku, m.unit, m.id
	l.publisher, l.publisherID = m.publisher, m.publisherID
	l.subscriptionDescription, l.subscriptionID = kindAzure, p.id
	l.chargeStart, l.chargeEnd = k.month.First(), k.month.Last()
	if b.ids.chance(60) {
		l.productCategory = "Azure"
	}
	l.inDollars(p.invoice)
	l.charge(rows)
	b.adjust(l, k)
	b.charged[k.bucket] = b.charged[k.bucket].Add(l.subtotal)
}

// charge sums the rows: cost truncated, unit price of the last day, effective unit price from the cost (D03 to D05).
func (l *line) charge(rows []*usageRow) {
	var net, list, credit money.Decimal
	last := rows[0]
	for _, u := range rows {
		net, list, l.billable = net.Add(u.net), list.Add(u.list), l.billable.Add(u.quantity)
		credit = credit.Add(u.list.Sub(u.net))
		if !u.date.Before(last.date) {
			last = u
		}
	}
	l.unitPrice, l.quantity = last.unitPrice, one
	l.settle(net, list, credit)
}

// settle works out what the line's quantity costs, from its exact sums in US dollars. When the cost is 0.00 the nominal
// effective unit price is printed, a blend where the rows are one.
func (l *line) settle(net, list, credit money.Decimal) {
	l.eup = quotientTo(net, l.billable, printScale)
	if cost := meteredCost(net); !cost.IsZero() {
		l.eup = meteredEUP(cost, l.billable)
	}
	l.eup = l.eup.Trim()
	l.subtotal = meteredSubtotal(l.eup, l.billable, l.rate)
	l.retail, l.pecCredit, l.hasRetail = list.MulExact(l.rate), credit.MulExact(l.rate), true
}

// adjust writes what lowered the price, in either order, since Microsoft has none.
func (b *builder) adjust(l *line, k meteredKey) {
	if k.pec {
		l.adjustments = append(l.adjustments, pecText)
	}
	if k.meter.special == freeFirst && (k.pec || b.has(RareCases)) && b.ids.chance(60) {
		l.adjustments = append(l.adjustments, freeTierText)
		if k.pec && b.ids.chance(50) {
			l.adjustments[0], l.adjustments[1] = l.adjustments[1], l.adjustments[0]
		}
	}
}
