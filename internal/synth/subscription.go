package synth

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// subscription is a licence subscription in one of its terms.
type subscription struct {
	b        *builder
	customer *customer
	invoice  *invoice
	id       string
	offer    *offer
	sku      string
	term     term
	span     cycle // the term
	price    licencePrice
	mode     Mode
	promo    int64 // percent off
	seats    int64
}

// newSubscription starts a term on a day, at the prices of that day.
func (b *builder) newSubscription(k *customer, inv *invoice, o *offer, t term, start period.Date) *subscription {
	s := &subscription{
		b: b, customer: k, invoice: inv, id: b.ids.guid(), offer: o, sku: o.skuID, seats: int64(b.seats.between(3, 60)),
		mode: pick(b.seats, []Mode{ModeUnit, ModeLine}),
	}
	s.begin(t, start)
	if b.has(Promotions) && b.seats.chance(20) {
		s.promo = int64(pick(b.seats, []int{5, 10, 15}))
	}
	return s
}

// begin starts a term: prices are locked for it, added seats too (B5, D09).
func (s *subscription) begin(t term, start period.Date) {
	s.term, s.span = t, annualPlan(start, 0)
	if t.duration == termMonth {
		s.span = monthlyTerm(start, 0)
	}
	s.price = s.b.licences.on(s.offer, t, s.invoice.currency, s.customer.segment, start)
}

// cycleOn is the billing cycle of the term that holds a day.
func (s *subscription) cycleOn(d period.Date) cycle {
	if s.term != yearByMonth {
		return s.span
	}
	for n := 0; ; n++ {
		if c := monthlyPlan(s.span.from, n); !d.After(c.to) {
			return c
		}
	}
}

// event is what happens to a subscription on a day; its lines share a reference (A5).
type event struct {
	chargeType string
	on         period.Date
	reference  string
}

func (s *subscription) event(chargeType string, on period.Date) event {
	return event{chargeType, on, s.b.ids.guid()}
}

// charge bills seats from the event's day to the end of the cycle.
func (s *subscription) charge(e event, seats int64) {
	s.line(e, seats, 1)
	s.b.counts[s.key()] = seats
}

// refund gives the same back.
func (s *subscription) refund(e event, seats int64) {
	s.line(e, seats, -1)
	s.b.counts[s.key()] = 0
}

func (s *subscription) key() Seats {
	return Seats{TenantID: s.customer.id, SubscriptionID: s.id, ProductID: s.offer.productID, SkuID: s.sku}
}

// line bills or refunds seats for the rest of the cycle. A line over the whole cycle has the whole price (D08).
func (s *subscription) line(e event, seats, sign int64) {
	c := s.cycleOn(e.on)
	days, of := e.on.DaysThrough(c.to), c.days(s.term.plan)
	if e.on == c.from {
		days, of = 1, 1
	}
	l := s.b.newLine(s.invoice, s.customer, s.customer.reseller, e.on)
	s.describe(l, e, c)
	n, direction := money.FromInt(seats), money.FromInt(sign)
	price := less(s.price.net, money.FromInt(s.promo)).Trim()
	l.unitPrice, l.quantity, l.billable = s.price.net, n, n
	share := func(x money.Decimal) money.Decimal {
		return quotient(x.MulExact(money.FromInt(int64(days))), money.FromInt(int64(of)))
	}
	l.eup = share(price).MulExact(direction).Round(money.HalfEven, printScale).Trim()
	unit, whole := seatSubtotal(ModeUnit, price, n, days, of), seatSubtotal(ModeLine, price, n, days, of)
	l.mode, l.subtotal = s.mode, whole.MulExact(direction)
	if s.mode == ModeUnit {
		l.subtotal = unit.MulExact(direction)
	}
	if unit.Equal(whole) {
		l.mode = ModeEither
	}
	l.retail, l.hasRetail = share(s.price.erp.MulExact(n)).MulExact(direction), true
}

// describe fills in what the line says about the subscription.
func (s *subscription) describe(l *line, e event, c cycle) {
	o := s.offer
	l.kind, l.chargeType, l.reference, l.publisher = kindLicence, e.chargeType, e.reference, microsoft
	l.productID, l.skuID, l.availabilityID, l.productName, l.skuName = o.productID, s.sku, o.productID, o.title, o.title
	l.subscriptionDescription, l.subscriptionID = o.title, s.id
	l.chargeStart, l.chargeEnd = e.on, c.to
	l.subscriptionStart, l.subscriptionEnd = s.span.from, s.span.to
	l.term, l.frequency = s.term.text(s.invoice.spelling.oddCases), s.term.plan
	if s.promo > 0 {
		p := money.FromInt(s.promo).Fixed(1)
		l.adjustments, l.promotionID = []string{p + "% Promotion"}, o.productID+":1:CFQ7TTC0GZQJ"
	}
	if s.sku == trialSKU {
		l.qualifiers = `["Trial"]`
	}
	if s.b.ids.chance(60) {
		l.productCategory = "Online services"
	}
}

// change moves the seat count: the old one is refunded for the rest of the cycle, the new one charged (B4).
func (s *subscription) change(on period.Date, to int64) {
	kind := "addQuantity"
	if to < s.seats {
		kind = "removeQuantity"
	}
	e := s.event(kind, on)
	s.refund(e, s.seats)
	s.charge(e, to)
	s.seats = to
}
