package recon

import (
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

// moving are those of them that move seats from one offer to another, so that as many go as come.
var moving = map[rating.ChargeType]bool{rating.ChargeMoveQuantity: true, rating.ChargeConvert: true}

// event is the lines of one change, bound by their ReferenceID.
type event struct {
	reference             string
	moves                 bool
	refund, recharge, all []*rating.Rated
	free                  bool // a trial is in it, whose lines are 0.00 both ways
}

// eventChecks finds refund and recharge pairs of which half is missing.
func (c *checker) eventChecks() {
	events := map[string]*event{}
	seen := map[string]bool{} // events of a paired type
	for _, r := range c.in.Lines {
		if r.Category != rating.Licence || r.Line.Family != usage.FamilyNewCommerce || r.Line.ReferenceID == "" || c.twice[r.Line] != nil {
			continue
		}
		ref := r.Line.ReferenceID
		seen[ref] = seen[ref] || paired[r.Type]
		if paired[r.Type] || !r.Known { // a line whose type nobody knows is still the other half
			if events[ref] == nil {
				events[ref] = &event{reference: ref}
			}
			events[ref].take(r)
		}
	}
	for _, ref := range slices.Sorted(maps.Keys(events)) {
		if seen[ref] {
			c.checkEvent(events[ref])
		}
	}
}

func (e *event) take(r *rating.Rated) {
	e.all = append(e.all, r)
	e.moves = e.moves || moving[r.Type]
	switch {
	case refunds(r.Line):
		e.refund = append(e.refund, r)
	case r.Line.UnitPrice.IsZero():
		e.free = true
	default:
		e.recharge = append(e.recharge, r)
	}
}

// checkEvent: an event with a refund has a recharge, and the reverse; seats that move are as many before as after.
func (c *checker) checkEvent(e *event) {
	switch {
	case e.free:
	case len(e.recharge) == 0 && len(e.refund) > 1:
		c.missingHalf(e, "recharge", dearest(e.refund), seatsIn(e.refund))
	case len(e.recharge) == 0:
		c.halfFault(e, "recharge", e.refund[0])
	case len(e.refund) == 0:
		if !e.moves && len(e.recharge) == 1 { // a conversion from an offer outside this month's lines may bring the charge alone
			c.halfFault(e, "refund", e.recharge[0])
		}
	case e.moves:
		c.checkMoved(e)
	}
}

// checkMoved finds the offer of which only one side is there, when the seats that go are not those that come.
func (c *checker) checkMoved(e *event) {
	gone, come := seatsIn(e.refund), seatsIn(e.recharge)
	lacks, side, other := "recharge", e.refund, e.recharge
	if gone.Less(come) {
		lacks, side, other = "refund", e.recharge, e.refund
	}
	missing := gone.Sub(come).Abs()
	if missing.IsZero() {
		return
	}
	for _, r := range side {
		if !slices.ContainsFunc(other, func(o *rating.Rated) bool { return sameOffer(r.Line, o.Line) }) {
			c.missingHalf(e, lacks, r, missing)
			return
		}
	}
	c.missingOffer(e, lacks, side[0], missing)
}

// dearest is the line of the highest unit price: seats move to the better offer.
func dearest(lines []*rating.Rated) *rating.Rated {
	return slices.MaxFunc(lines, func(a, b *rating.Rated) int { return a.Line.UnitPrice.Cmp(b.Line.UnitPrice) })
}

// missingOffer is the finding of seats that move from or to an offer of which no line is there, so that nobody knows
// their price: it is what the invoice's lines lack, or else taken from the offer that is there.
func (c *checker) missingOffer(e *event, lacks string, r *rating.Rated, n money.Decimal) {
	l := r.Line
	f := lineFault("L2", Proration, l, amount(amountIn(c.modeOf(r), l, r.Up.EUP.Neg(), n)), place(l, "ReferenceId", "event %s has no %s of %s seats", e.reference, lacks, n.Plain()),
		fmt.Sprintf("%s seats move, and the %s of the other offer is missing", n.Plain(), lacks))
	if a := c.ledger.byNumber[l.InvoiceNumber]; a != nil && (a.difference().Sign() > 0) == (lacks == "recharge") {
		f.effects, f.fitted = []money.Decimal{a.difference()}, true
	}
	for _, o := range e.all {
		c.blamed[o.Line] = true
	}
	c.add(l.InvoiceNumber, f)
}

func seatsIn(lines []*rating.Rated) money.Decimal {
	var n money.Decimal
	for _, r := range lines {
		n = n.Add(r.Line.BillableQuantity.Abs())
	}
	return n
}

func sameOffer(a, b *usage.Line) bool {
	return a.SubscriptionID == b.SubscriptionID && a.ProductID == b.ProductID && a.SkuID == b.SkuID
}

// halfFault sizes the missing half by the seats that the neighbouring event of the subscription goes on with; without
// one, by what the invoice's lines lack, and without that by the seats of the half that is there.
func (c *checker) halfFault(e *event, lacks string, r *rating.Rated) {
	n, ok := c.neighbourSeats(r, lacks == "recharge")
	if !ok {
		n, ok = c.differingSeats(r)
	}
	if !ok {
		n = r.Line.BillableQuantity.Abs()
	}
	c.missingHalf(e, lacks, r, n)
}

// differingSeats is the count whose amount is just what the invoice's lines lack.
func (c *checker) differingSeats(r *rating.Rated) (money.Decimal, bool) {
	a := c.ledger.byNumber[r.Line.InvoiceNumber]
	if a == nil || r.Line.Subtotal.IsZero() {
		return money.Zero, false
	}
	n, err := a.difference().MulExact(r.Line.BillableQuantity).QuoRound(r.Line.Total.Neg(), money.HalfUp, 0)
	if err != nil || n.Sign() <= 0 {
		return money.Zero, false
	}
	return n, slices.ContainsFunc(c.sizesOf(r, n), func(size money.Decimal) bool { return a.withTax(size).Equal(a.difference()) })
}

// sizesOf are what the half that is missing may amount to: so many seats at the price of the half that is there, in
// either rounding mode. The first is what the invoice's lines lack, if one is, and else in the mode of the event.
func (c *checker) sizesOf(r *rating.Rated, n money.Decimal) []money.Decimal {
	eup := r.Up.EUP.Neg()
	list := []money.Decimal{
		amountIn(c.modeOf(r), r.Line, eup, n), amountIn(rating.ModeUnit, r.Line, eup, n), amountIn(rating.ModeLine, r.Line, eup, n),
	}
	if a := c.ledger.byNumber[r.Line.InvoiceNumber]; a != nil {
		if i := slices.IndexFunc(list, func(s money.Decimal) bool { return a.withTax(s).Equal(a.difference()) }); i > 0 {
			list[0], list[i] = list[i], list[0]
		}
	}
	return list
}

// missingHalf is the finding of a half that is not there: so many seats.
func (c *checker) missingHalf(e *event, lacks string, r *rating.Rated, n money.Decimal) {
	l, sizes := r.Line, c.sizesOf(r, n)
	f := lineFault("L2", Proration, l, amount(sizes[0]), place(l, "ReferenceId", "event %s has no %s", e.reference, lacks),
		fmt.Sprintf("a seat change of %s has half of its pair: the %s is missing", name(l), lacks), sizes[0])
	if a := c.ledger.byNumber[l.InvoiceNumber]; a != nil {
		f.effects = nil
		for _, size := range sizes {
			f.effects = append(f.effects, a.withTax(size), size)
		}
		f.effects = distinct(f.effects)
	}
	for _, o := range e.all {
		c.blamed[o.Line] = true
	}
	c.add(l.InvoiceNumber, f)
}

// neighbourSeats is the count that the next event refunds or a later cycle charges (after a missing recharge), or that
// the previous one charged (before a missing refund).
func (c *checker) neighbourSeats(r *rating.Rated, next bool) (money.Decimal, bool) {
	var best *usage.Line
	l := r.Line
	for _, o := range c.in.Lines {
		m := o.Line
		if m == l || !sameOffer(m, l) || m.ReferenceID == l.ReferenceID || m.SubscriptionStart != l.SubscriptionStart {
			continue
		}
		switch {
		case next && (refunds(m) || m.OrderDate.After(l.OrderDate) && !paired[o.Type]) && !m.OrderDate.Before(l.OrderDate) && (best == nil || m.OrderDate.Before(best.OrderDate)):
			best = m
		case !next && !refunds(m) && !m.OrderDate.After(l.OrderDate) && (best == nil || m.OrderDate.After(best.OrderDate)):
			best = m
		}
	}
	if best == nil {
		return money.Zero, false
	}
	return best.BillableQuantity.Abs(), true
}
