package synth

import (
	"github.com/chandler-csp/chandler/internal/core/money"
)

// trialConverted is a free trial that becomes a paid subscription (B4): lines of 0.00, then a term of its own.
func trialConverted(b *builder, k *customer, inv *invoice, _ *offer) {
	trial := b.newSubscription(k, inv, b.licences.offers[0], monthByMonth, b.seats.day(b.Period, 1, 12))
	trial.seats, trial.sku, trial.promo = 25, trialSKU, 0
	trial.price = licencePrice{money.Zero, money.Zero}
	trial.charge(trial.event("new", trial.span.from), trial.seats)
	e := trial.event("convert", trial.span.from.AddDays(b.seats.between(2, 12)))
	trial.charge(e, trial.seats)
	paid := b.newSubscription(k, inv, trial.offer, monthByMonth, e.on)
	paid.id, paid.seats = trial.id, trial.seats
	paid.charge(e, paid.seats)
}

// runningYear is a subscription in the middle of an annual term paid by the month, in a cycle that seats may change in.
func runningYear(b *builder, k *customer, inv *invoice, o *offer) *subscription {
	s := b.newSubscription(k, inv, o, yearByMonth, b.seats.day(b.Period.Add(-b.seats.between(1, 9)), 12, 26))
	s.seats += 5
	return s
}

// another is an offer that is not o.
func (b *builder) another(o *offer) *offer {
	for {
		if other := pick(b.seats, b.licences.offers); other != o {
			return other
		}
	}
}

// targetOf is where seats go to: another product in the same term.
func (b *builder) targetOf(s *subscription) *subscription {
	t := b.newSubscription(s.customer, s.invoice, b.another(s.offer), s.term, s.span.from)
	t.mode, t.promo = s.mode, 0
	return t
}

// upgraded moves all seats to another product under the same subscription.
func upgraded(b *builder, k *customer, inv *invoice, o *offer) {
	s := runningYear(b, k, inv, o)
	t := b.targetOf(s)
	t.id, t.seats = s.id, s.seats
	e := s.event("convert", b.seats.day(b.Period, 1, 10))
	s.refund(e, s.seats)
	t.charge(e, t.seats)
}

// partlyUpgraded moves some of the seats to a new subscription.
func partlyUpgraded(b *builder, k *customer, inv *invoice, o *offer) {
	s := runningYear(b, k, inv, o)
	t := b.targetOf(s)
	t.seats = int64(b.seats.between(1, int(s.seats)-2))
	e := s.event("convert", b.seats.day(b.Period, 1, 10))
	s.refund(e, s.seats)
	s.charge(e, s.seats-t.seats)
	t.charge(e, t.seats)
}

// movedSeats moves all seats into a subscription that exists.
func movedSeats(b *builder, k *customer, inv *invoice, o *offer) {
	s := runningYear(b, k, inv, o)
	t := b.targetOf(s)
	e := s.event("moveQuantity", b.seats.day(b.Period, 1, 10))
	s.refund(e, s.seats)
	t.refund(e, t.seats)
	t.charge(e, t.seats+s.seats)
}

// planChanged pays by the month from the term's end on.
func planChanged(b *builder, k *customer, inv *invoice, o *offer) {
	s := b.newSubscription(k, inv, o, yearByMonth, yearStart(b.seats.day(b.Period, 1, 28)))
	s.charge(s.event("changeBillingPlan", s.span.from), s.seats)
}
