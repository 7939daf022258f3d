package recon_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

const (
	euros  = "G1" // EUR, no tax
	krones = "G2" // DKK, 25 % tax, with the credit note G3
	note   = "G3"
	anna   = "tenant-a" // on G1
	bert   = "tenant-b" // on G1
	carl   = "tenant-c" // on G2
)

func vmOf(invoice, tenant string) meter { return meter{invoice, tenant, "plan " + tenant, "VM"} }

func of(k meter, sku string) meter { k.sku = sku; return k }

// scene is a month with everything in it: credit lost for four days, steps, a price that changes, a third party's meter,
// spot machines, usage that a savings plan covers, late usage, seats added, removed, cancelled and moved in both rounding
// modes, a trial, a promotion, one-time lines, credits, two invoices and a credit note.
func scene() *month {
	m := newMonth()
	m.rates["EUR"], m.rates["DKK"] = d("1.187103592426424382"), d("0.169228984208650843588")
	m.open(euros, "EUR", "0.842386466", "0")
	m.open(krones, "DKK", "5.909153238", "0.25")
	m.creditNote(note, krones)
	m.azure()
	m.bill()
	m.licences()
	m.rest()
	m.close()
	return m
}

func (m *month) azure() {
	vm := vmOf(euros, anna)
	m.use(vm, -1, 0, "7.25") // 27 and 28 February: late
	m.use(vm, 1, 3, "24.123457")
	m.use(vm, 4, 7, "24", withoutPEC)
	m.use(vm, 8, 31, "23.5")
	m.use(of(vm, "STEP"), 1, 31, "9.7")
	m.use(of(vm, "TURN"), 1, 31, "3.3")
	m.use(of(vm, "ISV"), 1, 31, "11.1")
	m.use(of(vm, "SPOT"), 5, 20, "6")
	m.use(of(vm, "TINY"), 1, 2, "0.0002")
	m.use(of(vm, "OTHER"), 1, 3, "2") // in no sheet
	m.use(of(vm, "VM"), 1, 31, "1", covered)
	m.use(vmOf(euros, bert), 1, 31, "12.5")
	m.use(vmOf(krones, carl), 1, 31, "10.01")
	m.use(of(vmOf(krones, carl), "STEP"), 10, 20, "20")
}

func (m *month) licences() {
	// 38 seats, 39 on the 8th, 36 on the 12th; rounded by unit.
	s := seat{invoice: euros, tenant: anna, subscription: "s1", price: "10.8", start: "2026-03-07", end: "2026-04-06", of: 31}
	m.seat(s.event("new", "r1", "2026-03-07", 31, 38))
	m.seat(s.event("addQuantity", "r2", "2026-03-08", 30, -38))
	m.seat(s.event("addQuantity", "r2", "2026-03-08", 30, 39))
	m.seat(s.event("removeQuantity", "r3", "2026-03-12", 26, -39))
	m.seat(s.event("removeQuantity", "r3", "2026-03-12", 26, 36))
	// A monthly plan of an annual term, 20 of its 30 seats moved to another offer; rounded by line.
	s = seat{invoice: euros, tenant: bert, subscription: "s2", price: "9.45", start: "2026-01-17", end: "2026-03-16", of: 28, term: paidBy, byLine: true}
	m.seat(s.event("convert", "r4", "2026-03-03", 14, -30))
	m.seat(s.event("convert", "r4", "2026-03-03", 14, 10))
	to := s
	to.subscription, to.product, to.price = "s3", "PLUS", "24.15"
	m.seat(to.event("convert", "r4", "2026-03-03", 14, 20))
	m.seat(seat{invoice: euros, tenant: bert, subscription: "s4", price: "108", start: "2026-03-10", end: "2027-03-09", of: 365, term: yearly}.event("new", "r5", "2026-03-10", 365, 4))
	// Bought in February and cancelled in March: only the refund.
	m.seat(seat{invoice: euros, tenant: bert, subscription: "s5", price: "10.8", start: "2026-02-26", end: "2026-03-25", of: 28}.event("cancelImmediate", "r6", "2026-03-01", 25, -29))
	promoted := m.seat(seat{invoice: euros, tenant: bert, subscription: "s6", price: "9.72", start: "2026-03-03", end: "2026-04-02", of: 31}.event("new", "r7", "2026-03-03", 31, 32))
	promoted.UnitPrice, promoted.PriceAdjustment = d("10.8"), `["10.0% Promotion"]`
	trial := m.seat(seat{invoice: euros, tenant: bert, subscription: "s7", price: "0", start: "2026-03-04", end: "2026-04-03", of: 31}.event("new", "r8", "2026-03-04", 31, 25))
	trial.ProductQualifiers = `["Trial"]`
	m.seat(seat{invoice: krones, tenant: carl, subscription: "s8", price: "80.4", start: "2026-02-23", end: "2026-04-22", of: 31, byLine: true}.event("cycleCharge", "r9", "2026-03-23", 31, 38))
	s = seat{invoice: krones, tenant: carl, subscription: "s9", price: "80.4", start: "2026-03-05", end: "2026-04-04", of: 31, byLine: true}
	m.seat(s.event("new", "ra", "2026-03-05", 31, 10))
	m.seat(s.event("addQuantity", "rb", "2026-03-09", 27, -10))
	m.seat(s.event("addQuantity", "rb", "2026-03-09", 27, 12))
}

// event is one side of an event of the subscription.
func (s seat) event(kind, reference, on string, days, count int64) seat {
	s.kind, s.reference, s.on, s.days, s.count = kind, reference, on, days, count
	return s
}

func (m *month) rest() {
	m.once(euros, anna, "RESERVED", "001F", "new", "1 Year Reservation", "1492", m.dollars, func(l *usage.Line) { l.ChargeEnd = period.MustDate("2027-02-28") })
	m.once(euros, anna, "SAVING", "0001", "cycleCharge", "1 Year Savings Plan, monthly billing", "81.84", m.dollars)
	m.once(euros, bert, "SERVER", "0001", "new", "", "895.1", func(l *usage.Line) { l.ChargeEnd = period.Date{} })
	m.once(euros, bert, "WAAS", "0001", "new", "1 Month Subscription", "79.28", func(l *usage.Line) { l.PublisherName, l.PublisherID = "Contoso ISV", "1" })
	m.once(euros, anna, "CREDIT", "", "customerCredit", "", "-6.11", func(l *usage.Line) { l.SubscriptionDescription, l.CreditReasonCode = "Azure plan", "SLA credit" })
	m.once(note, carl, "CREDIT", "", "customerCredit", "", "-38.80", func(l *usage.Line) { l.SubscriptionDescription = "Azure plan" })
	m.once(note, carl, "CREDIT", "", "customerCredit", "", "-56.70", func(l *usage.Line) { l.SubscriptionDescription = "Azure plan" })
}

// find is the n-th line that fits.
func (m *month) find(t testing.TB, n int, fits func(*usage.Line) bool) *usage.Line {
	t.Helper()
	for _, l := range m.lines {
		if fits(l) {
			if n--; n < 0 {
				return l
			}
		}
	}
	t.Fatal("no such line")
	return nil
}

// metered is the line of a meter, with or without credit, of March.
func (m *month) metered(t testing.TB, k meter, pec bool) *usage.Line {
	t.Helper()
	return m.find(t, 0, func(l *usage.Line) bool {
		return l.InvoiceNumber == k.invoice && l.SubscriptionID == k.plan && l.SkuID == k.sku && (l.PriceAdjustment != "") == pec && l.ChargeStart == march.First()
	})
}

// side is a licence line of an event, its refund or its charge.
func (m *month) side(t testing.TB, reference string, refund bool) *usage.Line {
	t.Helper()
	return m.find(t, 0, func(l *usage.Line) bool {
		return l.ReferenceID == reference && (l.EffectiveUnitPrice.Sign() < 0) == refund
	})
}

// drop takes a line out.
func (m *month) drop(l *usage.Line) {
	for i, o := range m.lines {
		if o == l {
			m.lines = append(m.lines[:i:i], m.lines[i+1:]...)
			return
		}
	}
}

// dropRows takes usage rows out and says what they were worth.
func (m *month) dropRows(fits func(*row) bool) money.Decimal {
	var worth money.Decimal
	var left []*row
	for _, r := range m.rows {
		if fits(r) {
			worth = worth.Add(r.Billed)
		} else {
			left = append(left, r)
		}
	}
	m.rows = left
	return worth
}

// rowOn is the charged usage row of a meter on a day of March.
func (m *month) rowOn(t testing.TB, k meter, day int) *row {
	t.Helper()
	date := march.First().AddDays(day - 1)
	for _, r := range m.rows {
		if r.InvoiceNumber == k.invoice && r.SubscriptionID == k.plan && r.SkuID == k.sku && r.From == date && !r.Free {
			return r
		}
	}
	t.Fatal("no such row")
	return nil
}

type lineType = usage.Line

// repeat adds a line a second time.
func (m *month) repeat(l *usage.Line) {
	copied := *l
	copied.Place = m.next(l.Place.File)
	copied.ID = "again"
	m.lines = append(m.lines, &copied)
}

// prorate charges a licence line by other days, rounded by unit.
func (m *month) prorate(l *usage.Line, days, of int64) {
	exact, _ := l.UnitPrice.MulExact(money.FromInt(days)).QuoRound(money.FromInt(of), money.HalfEven, 18)
	l.EffectiveUnitPrice = exact.Round(money.HalfUp, 15)
	m.total(l, exact.Round(money.Down, 2).MulExact(l.BillableQuantity))
}

// repriceSeats charges a licence line at another unit price, by its days, rounded by unit.
func (m *month) repriceSeats(l *usage.Line, price string) {
	l.UnitPrice = d(price)
	m.prorate(l, int64(l.ChargeStart.DaysThrough(l.ChargeEnd)), 31)
}

// shift moves a line's amount and its total, tax with it.
func (m *month) shift(l *usage.Line, by string) { m.total(l, l.Subtotal.Add(d(by))) }

func (r *row) meter() meter { return meter{r.InvoiceNumber, r.CustomerID, r.SubscriptionID, r.SkuID} }

func (r *row) date(day string) {
	r.From = period.MustDate(day)
	r.To, r.Month = r.From, r.From.Month()
}

// move adds an event in which 8 of bert's seats move to an offer that had some: refunds of both and the charge of all,
// which it returns.
func (m *month) move(to string, seats, had int64) *usage.Line {
	s := seat{invoice: euros, tenant: bert, subscription: "sm", price: "9.45", start: "2026-01-17", end: "2026-03-16", of: 28, term: paidBy, byLine: true}
	m.seat(s.event("moveQuantity", "rm", "2026-03-03", 14, -seats))
	s.subscription, s.product, s.price = "sn", to, "24.15"
	m.seat(s.event("moveQuantity", "rm", "2026-03-03", 14, -had))
	return m.seat(s.event("moveQuantity", "rm", "2026-03-03", 14, seats+had))
}
