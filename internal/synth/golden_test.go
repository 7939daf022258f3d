package synth

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// The cases are those of the billing reference, section E; most figures are printed by Microsoft.

func d(s string) money.Decimal { return money.MustParse(s) }

func same(t *testing.T, what string, got money.Decimal, want string) {
	t.Helper()
	if !got.Equal(d(want)) {
		t.Errorf("%s: got %s, want %s", what, got, want)
	}
}

func TestMeterWithCreditAndExchange(t *testing.T) {
	t.Parallel() // G01
	for _, c := range []struct{ quantity, cost, eup string }{
		{"29", "21.39", "0.737586206896552"},
		{"210.950039", "155.63", "0.737757626107858"},
		{"555.950039", "410.17", "0.737782122900436"},
	} {
		net := less(d(c.quantity).MulExact(d("0.868")), pecPercent)
		cost := meteredCost(net)
		same(t, "cost of "+c.quantity, cost, c.cost)
		same(t, "effective unit price of "+c.quantity, meteredEUP(cost, d(c.quantity)), c.eup)
	}
	same(t, "subtotal", meteredSubtotal(d("0.737782122900436"), d("555.950039"), d("0.846202666")), "347.08")
}

func TestGraduatedTiers(t *testing.T) {
	t.Parallel() // G02
	tiers := []tier{
		{upTo: d("100"), price: d("1.00")}, {upTo: d("100000"), price: d("0.80")}, {open: true, price: d("0.50")},
	}
	for _, c := range []struct{ units, amount, reached string }{
		{"0", "0.00", "1.00"},
		{"1", "1.00", "1.00"},
		{"100", "100.00", "1.00"},
		{"100.5", "100.40", "0.80"},
		{"101", "100.80", "0.80"},
		{"100001", "80020.50", "0.50"},
	} {
		amount, reached := graduated(tiers, money.Zero, d(c.units))
		same(t, c.units+" units", amount, c.amount)
		same(t, "tier reached by "+c.units, reached, c.reached)
	}
	first, _ := graduated(tiers, money.Zero, d("99.75"))
	rest, _ := graduated(tiers, d("99.75"), d("1.25"))
	same(t, "99.75 units, then 1.25 more", first.Add(rest), "100.80")
}

func TestFreeFirstUnits(t *testing.T) {
	t.Parallel() // G03
	tiers := []tier{{upTo: d("5"), price: d("0")}, {open: true, price: d("0.087")}}
	raw, _ := graduated(tiers, money.Zero, d("7.25"))
	same(t, "raw", raw, "0.19575")
	same(t, "cost", meteredCost(raw), "0.19")
}

func TestSeatsInBothRoundings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, price, seats string
		days, of           int
		unit, line         string
	}{
		{"G05: refund of 10", "10.08", "10", 28, 30, "94.00", "94.08"},
		{"G05: charge of 12", "10.08", "12", 28, 30, "112.80", "112.89"},
		{"G05: new", "10.08", "10", 1, 1, "100.80", "100.80"},
		{"G07: cancel", "10.08", "10", 29, 31, "94.20", "94.29"},
		{"G08: upgraded from", "10.08", "300", 23, 30, "2316.00", "2318.40"},
		{"G08: upgraded to", "6.43", "300", 23, 30, "1476.00", "1478.90"},
	} {
		same(t, c.name+", unit", seatSubtotal(ModeUnit, d(c.price), d(c.seats), c.days, c.of), c.unit)
		same(t, c.name+", line", seatSubtotal(ModeLine, d(c.price), d(c.seats), c.days, c.of), c.line)
	}
}

func TestSavingsPlanHour(t *testing.T) {
	t.Parallel() // G16
	s := savingsPlan{hourly: d("0.01"), planRate: d("0.22381248")}
	same(t, "hours covered in an hour", savingsPlanHours(s.hourly, s.planRate).Round(money.HalfEven, 8), "0.04468026")
	rows := s.split(&usageRow{quantity: fullDay, pec: true})
	paid, left := rows[0], rows[1]
	same(t, "quantity left", left.quantity.Round(money.HalfEven, 11), "22.92767373830")
	same(t, "cost left", left.quantity.MulExact(d("0.3264")).Round(money.HalfEven, 11), "7.48359270818")
	if paid.pec || !left.pec {
		t.Errorf("credit on the part that is covered %v, on the part that is left %v; want false, true", paid.pec, left.pec)
	}
	same(t, "price of the commitment in a month of 31 days", (&savingsPlan{hourly: d("0.11")}).monthly(period.MustMonth("2026-03")), "81.84")
}

func TestMonthOfTheYear(t *testing.T) {
	t.Parallel() // G18
	same(t, "month", monthOf(d("3393.90")), "282.83")
}

// lostCredit is G04: 24 units a day at 0.5, credit lost from the 4th to the 7th of July.
func lostCredit(t *testing.T, rate string) []*line {
	t.Helper()
	m := &meter{use: hours, prices: []validPrice{{always, []tier{{open: true, price: d("0.5")}}}}}
	july := period.MustMonth("2026-07")
	b := &builder{Config: Config{Period: july}, ids: newRandom(1, 1), charged: map[bucket]money.Decimal{}}
	inv := &invoice{rate: d(rate), currency: "EUR"}
	p := &plan{invoice: inv, customer: &customer{}, access: access{from: july.First().AddDays(3), till: july.First().AddDays(6)}}
	e := &entitlement{}
	for day := range 31 {
		on := july.First().AddDays(day)
		b.add(&usageRow{plan: p, meter: m, entitlement: e, date: on, quantity: fullDay, pec: p.earns(m, e, on)}, money.Zero)
	}
	b.meteredLines()
	return inv.lines
}

func TestCreditLostForFourDays(t *testing.T) {
	t.Parallel()
	lines := lostCredit(t, "1")
	if len(lines) != 2 {
		t.Fatalf("%d lines, want one with and one without credit", len(lines))
	}
	for i, want := range []struct{ quantity, eup, subtotal, retail string }{
		{"648", "0.425", "275.40", "324"}, {"96", "0.5", "48.00", "48"},
	} {
		same(t, "quantity", lines[i].billable, want.quantity)
		same(t, "effective unit price", lines[i].eup, want.eup)
		same(t, "subtotal", lines[i].subtotal, want.subtotal)
		same(t, "retail", lines[i].retail, want.retail)
	}
	same(t, "credit", lines[0].pecCredit, "48.6")
	if len(lines[0].adjustments) != 1 || lines[0].adjustments[0] != "15.0% Partner earned credit for services managed" {
		t.Errorf("adjustments of the line with credit: %q", lines[0].adjustments)
	}
	euros := lostCredit(t, "0.846202666")
	same(t, "subtotal in euros, with credit", euros[0].subtotal, "233.04")
	same(t, "subtotal in euros, without", euros[1].subtotal, "40.61")
}
