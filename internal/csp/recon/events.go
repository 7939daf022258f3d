package recon

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// paired are the charge types whose event is a refund of the old count and a recharge of the new one (B4).
var paired = map[rating.ChargeType]bool{
	rating.ChargeAddQuantity: true, rating.ChargeRemoveQuantity: true, rating.ChargeMoveQuantity: true, rating.ChargeConvert: true,
}

// eventChecks finds refund and recharge pairs of which half is missing.
func (c *checker) eventChecks() {
	events := map[string][]*rating.Rated{}
	for _, r := range c.in.Lines {
		if r.Category == rating.Licence && r.Line.Family == usage.FamilyNewCommerce && paired[r.Type] && r.Line.ReferenceID != "" {
			events[r.Line.ReferenceID] = append(events[r.Line.ReferenceID], r)
		}
	}
	for _, ref := range slices.Sorted(maps.Keys(events)) {
		c.checkEvent(ref, events[ref])
	}
}

// checkEvent: an event with a refund has a recharge, and the reverse. Free lines (a trial that is converted) count for
// either side.
func (c *checker) checkEvent(ref string, event []*rating.Rated) {
	var refund, charge, free []*rating.Rated
	for _, r := range event {
		switch sign := r.Line.EffectiveUnitPrice.Sign() * max(1, r.Line.BillableQuantity.Sign()); {
		case sign < 0 || r.Line.Subtotal.Sign() < 0:
			refund = append(refund, r)
		case r.Line.UnitPrice.IsZero():
			free = append(free, r)
		default:
			charge = append(charge, r)
		}
	}
	if len(free) > 0 || len(refund) > 0 && len(charge) > 0 {
		return
	}
	lacks, half := "recharge", refund
	if len(refund) == 0 {
		lacks, half = "refund", charge
	}
	if lacks == "refund" && (event[0].Type == rating.ChargeConvert || len(half) != 1) {
		return // a conversion from an offer outside this month's lines may bring the charge alone
	}
	c.halfFault(ref, lacks, half[0])
}

// halfFault sizes the missing half: the seats that the neighbouring event of the subscription goes on with.
func (c *checker) halfFault(ref, lacks string, r *rating.Rated) {
	l := r.Line
	size := l.Subtotal.Neg()
	if seats, ok := c.neighbourSeats(r, lacks == "recharge"); ok {
		missing := *l
		missing.EffectiveUnitPrice, missing.BillableQuantity = l.EffectiveUnitPrice.Neg(), seats
		size = amountIn(r, &missing)
	}
	f := lineFault("L2", Proration, l, amount(size), place(l, "ReferenceId", "event %s has no %s", ref, lacks),
		fmt.Sprintf("a seat change of %s has half of its pair: the %s is missing", name(l), lacks), size)
	if a := c.ledger.byNumber[l.InvoiceNumber]; a != nil {
		f.effects = []money.Decimal{a.withTax(size), size}
	}
	c.blamed[l] = true
	c.add(l.InvoiceNumber, f)
}

// amountIn is the missing half's amount in the rounding mode of the half that is there.
func amountIn(r *rating.Rated, missing *usage.Line) money.Decimal {
	eup := r.Up.EUP.Neg()
	if r.Up.Mode == rating.ModeUnit {
		return rating.UnitAmount(eup, missing.BillableQuantity, rateOf(missing))
	}
	return rating.LineAmount(eup, missing.BillableQuantity, rateOf(missing))
}

// neighbourSeats is the count that the next event refunds (after a missing recharge) or the previous one charged
// (before a missing refund).
func (c *checker) neighbourSeats(r *rating.Rated, next bool) (money.Decimal, bool) {
	var best *usage.Line
	l := r.Line
	for _, o := range c.in.Lines {
		m := o.Line
		if m == l || m.SubscriptionID != l.SubscriptionID || m.ProductID != l.ProductID || m.SkuID != l.SkuID || m.ReferenceID == l.ReferenceID {
			continue
		}
		refund := m.Subtotal.Sign() < 0
		switch {
		case next && refund && !m.OrderDate.Before(l.OrderDate) && (best == nil || m.OrderDate.Before(best.OrderDate)):
			best = m
		case !next && !refund && !m.OrderDate.After(l.OrderDate) && (best == nil || m.OrderDate.After(best.OrderDate)):
			best = m
		}
	}
	if best == nil {
		return money.Zero, false
	}
	return best.BillableQuantity.Abs(), true
}

type seatKey struct{ tenant, subscription, product, sku string }

// seats counts seats at the period's end (decision D11): of the last day with lines, the positives that no other event
// of that day refunds again; a cancel leaves 0.
func seats(lines []*rating.Rated) []SeatCount {
	last := map[seatKey][]*usage.Line{}
	for _, r := range lines {
		l := r.Line
		if r.Category != rating.Licence || l.Family != usage.FamilyNewCommerce || r.Type == rating.ChargeCredit {
			continue
		}
		k := seatKey{l.CustomerID, l.SubscriptionID, l.ProductID, l.SkuID}
		switch have := last[k]; {
		case len(have) == 0 || l.OrderDate.After(have[0].OrderDate):
			last[k] = []*usage.Line{l}
		case l.OrderDate == have[0].OrderDate:
			last[k] = append(have, l)
		}
	}
	out := make([]SeatCount, 0, len(last))
	for k, day := range last {
		out = append(out, SeatCount{k.tenant, k.subscription, k.product, k.sku, seatsOf(day)})
	}
	slices.SortFunc(out, func(a, b SeatCount) int {
		return cmp.Or(cmp.Compare(a.SubscriptionID, b.SubscriptionID), cmp.Compare(a.ProductID, b.ProductID), cmp.Compare(a.SkuID, b.SkuID))
	})
	return out
}

func seatsOf(day []*usage.Line) int64 {
	var positive, refunds []*usage.Line
	for _, l := range day {
		if l.Subtotal.Sign() < 0 || l.EffectiveUnitPrice.Sign() < 0 {
			refunds = append(refunds, l)
		} else {
			positive = append(positive, l)
		}
	}
	for _, r := range refunds {
		i := slices.IndexFunc(positive, func(p *usage.Line) bool {
			return p.ReferenceID != r.ReferenceID && p.BillableQuantity.Abs().Equal(r.BillableQuantity.Abs())
		})
		if i >= 0 {
			positive = slices.Delete(positive, i, i+1)
		}
	}
	var n money.Decimal
	for _, p := range positive {
		n = n.Add(p.BillableQuantity)
	}
	i, _ := wholeNumber(n)
	return i
}

func wholeNumber(d money.Decimal) (int64, bool) {
	var n int64
	_, err := fmt.Sscan(d.Round(money.Down, 0).Plain(), &n)
	return n, err == nil
}
