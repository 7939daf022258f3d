package recon

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

type seatKey struct{ tenant, subscription, product, sku string }

// seats counts seats at the period's end as the lines tell (decision D11).
func seats(lines []*rating.Rated) []SeatCount {
	days := map[seatKey]map[period.Date][]*rating.Rated{}
	for _, r := range lines {
		l := r.Line
		if r.Category != rating.Licence || l.Family != usage.FamilyNewCommerce || r.Type == rating.ChargeCredit {
			continue
		}
		k := seatKey{l.CustomerID, l.SubscriptionID, l.ProductID, l.SkuID}
		if days[k] == nil {
			days[k] = map[period.Date][]*rating.Rated{}
		}
		days[k][l.OrderDate] = append(days[k][l.OrderDate], r)
	}
	out := make([]SeatCount, 0, len(days))
	for k, of := range days {
		out = append(out, SeatCount{k.tenant, k.subscription, k.product, k.sku, seatsAtEnd(of)})
	}
	slices.SortFunc(out, func(a, b SeatCount) int {
		return cmp.Or(cmp.Compare(a.SubscriptionID, b.SubscriptionID), cmp.Compare(a.ProductID, b.ProductID), cmp.Compare(a.SkuID, b.SkuID),
			cmp.Compare(a.TenantID, b.TenantID))
	})
	return out
}

// seatsAtEnd goes through the days with lines; the last one decides.
func seatsAtEnd(days map[period.Date][]*rating.Rated) int64 {
	var now money.Decimal
	known := false
	for _, d := range slices.SortedFunc(maps.Keys(days), period.Date.Compare) {
		now, known = seatsAfter(days[d], now, known), true
	}
	n, _ := strconv.ParseInt(now.Round(money.Down, 0).Plain(), 10, 64) // a number without decimals
	return n
}

// seatsAfter counts a day's seats at its end: the charges that no event of the day refunds again. Lines of a day have no
// order, so charges and refunds of equal counts cancel out; what is refunded alone is the count from before the day.
// Where all cancel out the day ends as it began: as before, where that is known, or with nothing, where it began with
// a purchase or ended with a cancel.
func seatsAfter(day []*rating.Rated, before money.Decimal, known bool) money.Decimal {
	var charges, refunded []*rating.Rated
	bought, cancelled := false, false
	for _, r := range day {
		bought = bought || r.Type == rating.ChargeNew
		cancelled = cancelled || r.Type == rating.ChargeCancel
		if refunds(r.Line) {
			refunded = append(refunded, r)
		} else {
			charges = append(charges, r)
		}
	}
	left := slices.Clone(charges)
	for _, r := range refunded {
		if i := slices.IndexFunc(left, func(p *rating.Rated) bool {
			return p.Line.BillableQuantity.Abs().Equal(r.Line.BillableQuantity.Abs())
		}); i >= 0 {
			left = slices.Delete(left, i, i+1)
		}
	}
	switch {
	case len(left) > 0:
		return seatsIn(left)
	case cancelled || bought || len(charges) == 0:
		return money.Zero
	case known:
		return before
	default:
		return charges[len(charges)-1].Line.BillableQuantity.Abs()
	}
}
