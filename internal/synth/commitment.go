package synth

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// savingsPlan is an hourly commitment that pays for usage at a rate of its own (B8).
type savingsPlan struct {
	orderID, benefitID, subscriptionID string
	hourly, planRate                   money.Decimal
}

// reservation is a machine of a year, paid upfront; its usage costs nothing.
type reservation struct {
	orderID, benefitID, subscriptionID string
	boughtOn                           period.Date
}

// reservedProduct is what the reservations' sheet sells.
var reservedProduct = struct{ title, productID, skuID, sku, unit string }{
	"Reserved VM Instance, E4 v5, EU West, 1 year", "DZH318Z0RSV1", "001F", "E4 v5 reservation", "1 Hour",
}

// commit buys what a covered meter needs, once a plan.
func (b *builder) commit(p *plan, m *meter) {
	switch {
	case m.special == covered && p.savings == nil:
		price := m.tiersOn(b.Period.First())[0].price
		p.savings = &savingsPlan{
			orderID: b.azure.guid(), benefitID: "sp-" + b.azure.token(), subscriptionID: b.azure.guid(),
			hourly: money.New(int64(b.azure.between(4, 16)), -2), planRate: cut(percentOf(price, money.MustParse("68.57")), 8),
		}
	case m.special == reserved && p.reservation == nil:
		p.reservation = &reservation{
			orderID: b.azure.guid(), benefitID: "ri-" + b.azure.token(), subscriptionID: b.azure.guid(),
			boughtOn: b.Period.First(),
		}
	}
}

// split turns a machine's day into the part that the savings plan pays for and the part that it leaves (G16). Credit
// is earned on what is left alone (B3).
func (s *savingsPlan) split(u *usageRow) []*usageRow {
	paid, left := *u, *u
	day := savingsPlanHours(s.hourly, s.planRate).MulExact(fullDay)
	paid.quantity, left.quantity = day.Round(money.HalfEven, 14), fullDay.Sub(day).Round(money.HalfEven, 12)
	paid.pec, paid.benefit = false, benefit{benefitSavingsPlan, s.benefitID, s.orderID}
	left.benefit = benefit{kind: benefitCharge}
	return []*usageRow{&paid, &left}
}

// monthly is the month's price of the commitment.
func (s *savingsPlan) monthly(m period.Month) money.Decimal {
	return s.hourly.MulExact(fullDay).MulExact(money.FromInt(int64(m.Days()))).Trim()
}

// commitments makes the lines of savings plans and reservations.
func (b *builder) commitments() {
	for _, p := range b.plans {
		if p.savings != nil {
			b.savingsPlanLine(p)
		}
		if p.reservation != nil {
			b.reservationLine(p)
		}
	}
}

func (b *builder) savingsPlanLine(p *plan) {
	l := b.newLine(p.invoice, p.customer, p.reseller, b.Period.First())
	l.kind, l.chargeType, l.publisher = kindSavingsPlan, "cycleCharge", microsoft
	l.productID, l.skuID, l.productName, l.skuName = "DZH318Z0SAVP", "0001", "Azure savings plan", "Compute savings plan"
	l.subscriptionDescription, l.subscriptionID, l.reservationOrderID = "Azure savings plan", p.savings.subscriptionID, p.savings.orderID
	l.term, l.frequency = "1 Year Savings Plan, monthly billing", "Monthly"
	l.chargeStart, l.chargeEnd = b.Period.First(), b.Period.Last()
	l.inDollars(p.invoice)
	l.single(p.savings.monthly(b.Period))
}

func (b *builder) reservationLine(p *plan) {
	l := b.newLine(p.invoice, p.customer, p.reseller, p.reservation.boughtOn)
	l.kind, l.chargeType, l.publisher = kindReservation, "new", microsoft
	l.productID, l.skuID, l.productName, l.skuName = reservedProduct.productID, reservedProduct.skuID, reservedProduct.title, reservedProduct.sku
	l.subscriptionDescription, l.subscriptionID, l.reservationOrderID = "Reserved VM Instance", p.reservation.subscriptionID, p.reservation.orderID
	l.term = "1 Year Reservation"
	l.chargeStart = p.reservation.boughtOn
	l.chargeEnd = p.reservation.boughtOn.AddMonths(12).AddDays(-1)
	l.inDollars(p.invoice)
	l.single(b.reservedPrice())
}

// reservedPrice is the sheet's price of the year; reservations' prices have the partner's discount in them (A1).
func (b *builder) reservedPrice() money.Decimal {
	return varied(newRandom(b.Seed, 8), money.FromInt(1492), 95, 110)
}
