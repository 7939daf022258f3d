package synth

import "github.com/chandler-csp/chandler/internal/core/period"

// scenario is one story of a licence subscription in the month. It may use any day of the period.
type scenario func(b *builder, k *customer, inv *invoice, o *offer)

// subscriptions gives a customer its licences.
func (b *builder) subscriptions(k *customer) {
	b.customerSubscriptions(k, b.invoices[k.home], b.seats.between(1, max(1, b.Licences)))
}

func (b *builder) customerSubscriptions(k *customer, inv *invoice, n int) {
	stories := b.stories()
	for range n {
		pick(b.seats, stories)(b, k, inv, pick(b.seats, b.licences.offers))
	}
}

// stories are the scenarios that the month's features allow.
func (b *builder) stories() []scenario {
	list := []scenario{bought, cycled, cycled, renewedMonthly, renewedYearly}
	if b.has(SeatChanges) {
		list = append(list, grown, shrunk, grownMidTerm, grownYear)
	}
	if b.has(Cancels) {
		list = append(list, cancelled, cancelledSameDay)
	}
	if b.has(Conversions) {
		list = append(list, trialConverted, upgraded, partlyUpgraded, movedSeats, planChanged)
	}
	if b.has(RareCases) {
		list = append(list, grownLongAgo, cancelledYear, renewedCancelled)
	}
	return list
}

// yearStart keeps annual terms off the last two days of February, whose anchors the sources leave open in leap years.
func yearStart(d period.Date) period.Date {
	if d.Month().Month == 2 && d.Month().Last().Sub(d) < 2 {
		return d.AddDays(-2)
	}
	return d
}

// bought is a new subscription of any term.
func bought(b *builder, k *customer, inv *invoice, o *offer) {
	s := b.newSubscription(k, inv, o, pick(b.seats, terms), yearStart(b.seats.day(b.Period, 1, 31)))
	s.charge(s.event("new", s.span.from), s.seats)
}

// cycled is a month of a running annual term; its start may be any day, so that all anchors occur (B12).
func cycled(b *builder, k *customer, inv *invoice, o *offer) {
	n := b.seats.between(1, 11)
	start := yearStart(b.seats.day(b.Period.Add(-n), 1, 31))
	if b.seats.chance(40) { // the anchors at the month's end
		start = yearStart(b.Period.Add(-n).Last().AddDays(-b.seats.between(0, 1)))
	}
	s := b.newSubscription(k, inv, o, yearByMonth, start)
	s.charge(s.event("cycleCharge", monthlyPlan(start, n).from), s.seats)
}

// renewedMonthly is a monthly term that follows another.
func renewedMonthly(b *builder, k *customer, inv *invoice, o *offer) {
	next := monthlyTerm(b.seats.day(b.Period.Add(-1), 1, 31), 1)
	s := b.newSubscription(k, inv, o, monthByMonth, next.from)
	s.charge(s.event("renew", next.from), s.seats)
}

// renewedYearly is an annual term that follows another, paid either way.
func renewedYearly(b *builder, k *customer, inv *invoice, o *offer) {
	s := b.newSubscription(k, inv, o, pick(b.seats, []term{yearByMonth, yearAtOnce}), yearStart(b.seats.day(b.Period, 1, 28)))
	s.charge(s.event("renew", s.span.from), s.seats)
}

// grown is a new subscription that gets more seats, several times, at times twice a day.
func grown(b *builder, k *customer, inv *invoice, o *offer) {
	start := b.seats.day(b.Period, 1, 20)
	s := b.newSubscription(k, inv, o, pick(b.seats, []term{monthByMonth, yearByMonth}), yearStart(start))
	s.charge(s.event("new", s.span.from), s.seats)
	on := s.span.from
	for range b.seats.between(1, 4) {
		on = on.AddDays(b.seats.between(0, 4))
		if on.After(b.Period.Last()) {
			return
		}
		s.change(on, s.seats+int64(b.seats.between(1, 9)))
	}
}

// shrunk loses seats within the week in which that is allowed (B4).
func shrunk(b *builder, k *customer, inv *invoice, o *offer) {
	s := b.newSubscription(k, inv, o, monthByMonth, b.seats.day(b.Period, 1, 20))
	s.seats += 10
	s.charge(s.event("new", s.span.from), s.seats)
	s.change(s.span.from.AddDays(b.seats.between(1, 3)), s.seats+3)
	s.change(s.span.from.AddDays(b.seats.between(4, 6)), s.seats-int64(b.seats.between(1, 9)))
}

// grownMidTerm adds seats in a cycle that began before the period, and is charged the next cycle with them.
func grownMidTerm(b *builder, k *customer, inv *invoice, o *offer) {
	n := b.seats.between(2, 9)
	s := b.newSubscription(k, inv, o, yearByMonth, b.seats.day(b.Period.Add(-n), 14, 26))
	next := monthlyPlan(s.span.from, n).from
	s.change(b.seats.day(b.Period, 1, next.Day()-2), s.seats+int64(b.seats.between(1, 9)))
	s.charge(s.event("cycleCharge", next), s.seats)
}

// grownYear adds seats to a year that was paid at once; the divisor is the year.
func grownYear(b *builder, k *customer, inv *invoice, o *offer) {
	start := yearStart(b.seats.day(b.Period, 1, 15))
	s := b.newSubscription(k, inv, o, yearAtOnce, start)
	s.charge(s.event("new", start), s.seats)
	s.change(start.AddDays(b.seats.between(1, 4)), s.seats+int64(b.seats.between(1, 5)))
	s.change(start.AddDays(b.seats.between(5, 7)), s.seats-1)
}

// cancelled is given back within the week, at times in the month after it was bought.
func cancelled(b *builder, k *customer, inv *invoice, o *offer) {
	start := b.seats.day(b.Period, 1, 20)
	if b.seats.chance(30) {
		start = period.NewDate(b.Period.Year, b.Period.Month, 1).AddDays(-b.seats.between(2, 3)) // no charge of it is in this month
	}
	s := b.newSubscription(k, inv, o, monthByMonth, start)
	if !s.span.prorates(planMonthly) { // D08
		return
	}
	if b.Period.Holds(start) {
		s.charge(s.event("new", start), s.seats)
	}
	s.refund(s.event("cancelImmediate", start.AddDays(b.seats.between(3, 6))), s.seats)
}

// cancelledSameDay is given back in full.
func cancelledSameDay(b *builder, k *customer, inv *invoice, o *offer) {
	s := b.newSubscription(k, inv, o, pick(b.seats, terms), yearStart(b.seats.day(b.Period, 1, 28)))
	s.charge(s.event("new", s.span.from), s.seats)
	s.refund(s.event("cancelImmediate", s.span.from), s.seats)
}

// grownLongAgo adds seats to a year that was paid at once months ago; of the year itself no line is in this month.
func grownLongAgo(b *builder, k *customer, inv *invoice, o *offer) {
	s := b.newSubscription(k, inv, o, yearAtOnce, yearStart(b.seats.day(b.Period.Add(-b.seats.between(1, 11)), 1, 31)))
	s.change(b.seats.day(b.Period, 1, 31), s.seats+int64(b.seats.between(1, 40)))
}

// cancelledYear gives an annual term back within the week, with seats that were added to it.
func cancelledYear(b *builder, k *customer, inv *invoice, o *offer) {
	s := b.newSubscription(k, inv, o, pick(b.seats, []term{yearAtOnce, yearByMonth}), yearStart(b.seats.day(b.Period, 1, 20)))
	s.charge(s.event("new", s.span.from), s.seats)
	on := s.span.from.AddDays(b.seats.between(1, 3))
	s.change(on, s.seats+int64(b.seats.between(1, 20)))
	s.refund(s.event("cancelImmediate", on.AddDays(b.seats.between(0, 3))), s.seats)
}

// renewedCancelled does not want the term that began by itself.
func renewedCancelled(b *builder, k *customer, inv *invoice, o *offer) {
	next := monthlyTerm(b.seats.day(b.Period.Add(-1), 1, 20), 1)
	s := b.newSubscription(k, inv, o, monthByMonth, next.from)
	s.charge(s.event("renew", next.from), s.seats)
	s.refund(s.event("cancelImmediate", next.from.AddDays(b.seats.between(0, 6))), s.seats)
}
