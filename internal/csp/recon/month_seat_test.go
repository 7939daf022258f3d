package recon_test

import (
	"cmp"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// seat is one side of a licence event.
type seat struct {
	invoice, tenant, subscription, product, reference string
	kind                                              string
	on, start, end                                    string // event, start of the term, end of the cycle
	term                                              string
	price                                             string // of the billing period
	days, of                                          int64
	count                                             int64 // negative: a refund
	byLine                                            bool  // rounded on the line, not on the unit
}

const (
	monthly = "One-month commitment for monthly billing"
	paidBy  = "One-year commitment for monthly billing"
	yearly  = "One-year commitment for yearly billing"
)

func (m *month) seat(s seat) *usage.Line {
	l := m.line(s.invoice, s.tenant, s.subscription, cmp.Or(s.product, "SUITE"), "0001")
	l.ChargeType, l.ReferenceID, l.OrderDate, l.ChargeStart, l.ChargeEnd = s.kind, s.reference, period.MustDate(s.on), period.MustDate(s.on), period.MustDate(s.end)
	l.SubscriptionStart, l.TermAndBillingCycle, l.BillingFrequency = period.MustDate(s.start), cmp.Or(s.term, monthly), "Monthly"
	count, sign := money.FromInt(s.count), d("1")
	if s.count < 0 {
		count, sign = count.Neg(), d("-1")
	}
	l.UnitPrice, l.BillableQuantity, l.Quantity = d(s.price), count, count
	exact, _ := l.UnitPrice.MulExact(sign).MulExact(money.FromInt(s.days)).QuoRound(money.FromInt(s.of), money.HalfEven, 18)
	l.EffectiveUnitPrice = exact.Round(money.HalfUp, 15)
	if s.byLine {
		m.total(l, exact.MulExact(count).Round(money.HalfEven, 9).Round(money.Down, 2))
	} else {
		m.total(l, exact.Round(money.HalfEven, 9).Round(money.Down, 2).MulExact(count))
	}
	return l
}

// once adds a line of one unit at its price: a credit, a reservation, a savings plan, software.
func (m *month) once(invoice, tenant, product, sku, kind, term, price string, change ...func(*usage.Line)) *usage.Line {
	l := m.line(invoice, tenant, "once "+tenant+product, product, sku)
	l.ChargeType, l.TermAndBillingCycle, l.OrderDate = kind, term, march.First()
	l.ChargeStart, l.ChargeEnd = march.First(), march.Last()
	l.UnitPrice, l.EffectiveUnitPrice = d(price), d(price)
	for _, c := range change {
		c(l)
	}
	m.total(l, l.EffectiveUnitPrice.MulExact(l.FXRate).Round(money.Down, 2))
	return l
}
