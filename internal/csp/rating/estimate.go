package rating

import (
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// Estimate makes the reconciliation lines that Microsoft would write for usage, so that a month can be rated before
// its reconciliation arrives: one line per bucket, truncated as Microsoft truncates (billing reference B1, D05). The
// lines are told by DataSet "estimate".
func Estimate(groups []Listed) []*usage.Line {
	buckets := Join(nil, groups, nil)
	byKey := map[string]*Bucket{}
	for k, b := range buckets {
		pec := "-"
		if k.PEC {
			pec = "pec"
		}
		byKey[id.Hash("est", k.InvoiceNumber, k.SubscriptionID, k.ProductID, k.SkuID, k.AvailabilityID, pec)] = b
	}
	var lines []*usage.Line
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		for _, month := range byMonth(byKey[key].Groups) {
			lines = append(lines, estimateLine(key, month))
		}
	}
	return lines
}

// byMonth keeps late usage apart, as Microsoft's lines do (decision D06).
func byMonth(groups []*Listed) [][]*Listed {
	months := map[string][]*Listed{}
	for _, g := range groups {
		months[g.Month.String()] = append(months[g.Month.String()], g)
	}
	var out [][]*Listed
	for _, m := range slices.Sorted(maps.Keys(months)) {
		out = append(out, months[m])
	}
	return out
}

func estimateLine(key string, groups []*Listed) *usage.Line {
	g := groups[0]
	fx := g.FXRate
	if fx.IsZero() {
		fx = one
	}
	last, quantity, billed := g, money.Zero, money.Zero
	for _, o := range groups {
		quantity, billed = quantity.Add(o.Quantity), billed.Add(o.Billed)
		if !o.From.Before(last.From) {
			last = o
		}
	}
	pricing, _ := billed.Quo(fx) // not 0, see above
	cost := td(pricing)
	eup := last.Reached.Mul(one.Sub(last.PEC.Mul(percent))) // the nominal price, where the cost is cut to 0.00 (D05)
	if q, err := cost.QuoRound(quantity, money.HalfUp, 15); err == nil && !cost.IsZero() {
		eup = q
	}
	l := &usage.Line{
		ID: id.Hash("lin", key, g.Month.String()), Family: usage.FamilyNewCommerce, DataSet: "estimate", CustomerID: g.CustomerID,
		CustomerName: g.CustomerName, InvoiceNumber: g.InvoiceNumber, ResellerMpnID: g.ResellerMpnID, ProductID: g.ProductID, SkuID: g.SkuID,
		AvailabilityID: g.AvailabilityID, SkuName: g.SkuName, ProductName: g.ProductName, ChargeType: string(ChargeNew),
		UnitPrice: last.Reached, Quantity: one, Subtotal: td(cost.MulExact(fx)), Currency: g.Currency,
		PublisherName: g.PublisherName, SubscriptionDescription: AzurePlan, SubscriptionID: g.SubscriptionID,
		ChargeStart: g.Month.First(), ChargeEnd: g.Month.Last(), EffectiveUnitPrice: eup, UnitType: g.Unit, BillableQuantity: quantity,
		PricingCurrency: g.PricingCurrency, FXRate: fx, MeterDescription: g.MeterName,
	}
	l.Total = l.Subtotal
	if g.HasPEC() {
		l.PriceAdjustment = pecText
	}
	return l
}
