package rating_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// G03: 7.25 GB of which 5 are free; Microsoft truncates, a customer's amount rounds.
func TestGoldenG03FreeQuantity(t *testing.T) {
	t.Parallel()
	l := rating.List([]usage.Group{used("006F", "2026-03-01", "2026-03-31", "7.25", "0.087")}, demoSheet())[0]
	if l.Amount.String() != "0.19575" {
		t.Errorf("list amount %s, want 0.19575", l.Amount)
	}
	for _, c := range []struct {
		mode money.Mode
		want string
	}{{money.Down, "0.19"}, {money.HalfUp, "0.20"}, {money.HalfEven, "0.20"}} {
		if got := l.Amount.Round(c.mode, 2).Fixed(2); got != c.want {
			t.Errorf("%s: %s, want %s", c.mode, got, c.want)
		}
	}
}

// G04: credit lost on 4 to 7 July makes two lines; in euros one cent is lost between them.
func TestGoldenG04CreditLostForFourDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, fx          string
		eligible, without string
	}{{"in US dollars", "1", "275.40", "48.00"}, {"in euros", "0.846202666", "233.04", "40.61"}} {
		if got := rating.UsageAmount(d("0.425"), d("648"), d(c.fx)).Fixed(2); got != c.eligible {
			t.Errorf("%s: eligible %s, want %s", c.name, got, c.eligible)
		}
		if got := rating.UsageAmount(d("0.5"), d("96"), d(c.fx)).Fixed(2); got != c.without {
			t.Errorf("%s: not eligible %s, want %s", c.name, got, c.without)
		}
	}
	if got := d("323.40").MulExact(d("0.846202666")).Round(money.Down, 2).String(); got != "273.66" {
		t.Errorf("truncated once: %s, want 273.66", got)
	}
	// Sold at retail, the customer pays 372.00; the partner keeps the credit.
	lines := []*usage.Line{metered("006G", "0.5", "0.425", "648", "275.40", credited), metered("006G", "0.5", "0.5", "96", "48.00")}
	groups := []usage.Group{used("006G", "2026-03-01", "2026-03-31", "648", "0.5", withPEC), used("006G", "2026-03-04", "2026-03-07", "96", "0.5")}
	var cost, retail, kept money.Decimal
	for _, b := range rating.Join(lines, rating.List(groups, demoSheet()), nil) {
		r := rating.Rate(b.Lines[0], b.Share[0], demoSheet())
		cost, retail, kept = cost.Add(r.Line.Subtotal), retail.Add(r.Retail), kept.Add(r.PECCredit)
	}
	if cost.Fixed(2) != "323.40" || retail.Fixed(2) != "372.00" || retail.Sub(cost).Fixed(2) != "48.60" || kept.Fixed(2) != "48.60" {
		t.Errorf("cost %s, retail %s, credit %s; want 323.40, 372.00, 48.60", cost, retail, kept)
	}
}

// g06 is Microsoft's eleven-line sequence: 12.00 a seat, cycle 5 March to 4 April.
var g06 = []struct {
	date, kind    string
	days          int
	quantity, eup string
	subtotal      string
}{
	{"2022-03-05", "new", 31, "10", "12.00", "120.00"},
	{"2022-03-07", "addQuantity", 29, "10", "-11.23", "-112.25"},
	{"2022-03-07", "addQuantity", 29, "15", "11.23", "168.38"},
	{"2022-03-10", "addQuantity", 26, "15", "-10.06", "-150.96"},
	{"2022-03-10", "addQuantity", 26, "25", "10.06", "251.61"},
	{"2022-03-12", "removeQuantity", 24, "25", "-9.29", "-232.25"},
	{"2022-03-12", "removeQuantity", 24, "23", "9.29", "213.67"},
	{"2022-03-14", "removeQuantity", 22, "23", "-8.52", "-195.87"},
	{"2022-03-14", "removeQuantity", 22, "20", "8.52", "170.32"},
	{"2022-03-25", "addQuantity", 11, "20", "-4.26", "-85.16"},
	{"2022-03-25", "addQuantity", 11, "30", "4.26", "127.74"},
}

func TestGoldenG06ElevenLines(t *testing.T) {
	t.Parallel()
	var sum money.Decimal
	for _, c := range g06 {
		l := licence(c.kind, c.date, "2022-04-04", c.eup, c.quantity, c.subtotal)
		u := rating.Recompute(l)
		if u.Mode != rating.ModeLine && u.Mode != rating.ModeEither || !u.Prorates || u.Expected.Fixed(2) != c.subtotal {
			t.Errorf("%s %s: mode %s gives %s, want %s in line mode", c.date, c.kind, u.Mode, u.Expected, c.subtotal)
		}
		if whole := c.days == 31; !whole && u.Share != (rating.Share{Days: c.days, Of: 31}) || whole && u.Share != rating.Whole {
			t.Errorf("%s: %d of %d days, want %d of 31", c.date, u.Share.Days, u.Share.Of, c.days)
		}
		if got := u.EUP.Round(money.HalfUp, 2).Fixed(2); got != c.eup {
			t.Errorf("%s: unit price %s, Microsoft shows %s", c.date, got, c.eup)
		}
		sum = sum.Add(u.Expected)
	}
	if sum.String() != "275.23" {
		t.Errorf("sum %s, want 275.23", sum)
	}
}

// G05, G07 and G08 as whole lines: the printed unit price tells which of the two modes Microsoft used.
func TestGoldenSeatLinesTellTheirMode(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, price, from, to, eup, quantity, subtotal string
		mode                                           rating.Mode
	}{
		{"G05 refund, unit", "10.08", "2026-06-20", "2026-07-17", "-9.408", "10", "-94.00", rating.ModeUnit},
		{"G05 refund, line", "10.08", "2026-06-20", "2026-07-17", "-9.408", "10", "-94.08", rating.ModeLine},
		{"G05 charge, unit", "10.08", "2026-06-20", "2026-07-17", "9.408", "12", "112.80", rating.ModeUnit},
		{"G05 charge, line", "10.08", "2026-06-20", "2026-07-17", "9.408", "12", "112.89", rating.ModeLine},
		{"G05 new", "10.08", "2026-06-18", "2026-07-17", "10.08", "10", "100.80", rating.ModeEither},
		{"G05 half-up is not Microsoft's", "10.08", "2026-06-20", "2026-07-17", "9.408", "12", "112.90", rating.ModeNone},
		{"G08 refund, unit", "10.08", "2026-06-25", "2026-07-17", "-7.728", "300", "-2316.00", rating.ModeUnit},
		{"G08 refund, line", "10.08", "2026-06-25", "2026-07-17", "-7.728", "300", "-2318.40", rating.ModeLine},
		{"G08 charge, unit", "6.43", "2026-06-25", "2026-07-17", "4.929666666666667", "300", "1476.00", rating.ModeUnit},
		{"G08 charge, line", "6.43", "2026-06-25", "2026-07-17", "4.929666666666667", "300", "1478.90", rating.ModeLine},
	} {
		l := licence("addQuantity", c.from, c.to, c.eup, c.quantity, c.subtotal)
		l.UnitPrice, l.SubscriptionStart = d(c.price), period.MustDate("2026-06-18")
		if u := rating.Recompute(l); u.Mode != c.mode || !u.Prorates {
			t.Errorf("%s: mode %s (%s), want %s", c.name, u.Mode, u.Expected, c.mode)
		}
	}
	for mode, subtotal := range map[rating.Mode]string{rating.ModeUnit: "-94.20", rating.ModeLine: "-94.29"} { // G07
		l := licence("cancelImmediate", "2022-03-07", "2022-04-04", "-9.429677419354839", "10", subtotal)
		l.UnitPrice = d("10.08")
		if u := rating.Recompute(l); u.Mode != mode {
			t.Errorf("G07: mode %s, want %s", u.Mode, mode)
		}
	}
}

// G09: three usage rows of 15 digits, one line of two: what truncation keeps back.
func TestGoldenG09RoundingVariance(t *testing.T) {
	t.Parallel()
	row := d("0.486031696515249")
	g := used("006G", "2026-03-01", "2026-03-31", "1", "0.5", func(g *usage.Group) { g.Billed, g.Rows = row.Mul(d("3")), 3 })
	if g.Billed.String() != "1.458095089545747" {
		t.Errorf("sum of the rows %s", g.Billed)
	}
	lines := rating.Estimate(rating.List([]usage.Group{g}, demoSheet()))
	if got := lines[0].Subtotal.String(); got != "1.45" {
		t.Errorf("line %s, want 1.45", got)
	}
	if got := g.Billed.Sub(lines[0].Subtotal).String(); got != "0.008095089545747" {
		t.Errorf("variance %s, want 0.008095089545747", got)
	}
	if down, up := row.Round(money.Down, 2).Mul(d("3")), row.Round(money.HalfUp, 2).Mul(d("3")); down.String() != "1.44" || up.String() != "1.47" {
		t.Errorf("rounded by row: %s and %s, want 1.44 and 1.47", down, up)
	}
}

// G15: zero lines are lines: they are rated to 0.00 and kept.
func TestGoldenG15ZeroLines(t *testing.T) {
	t.Parallel()
	trial := licence("new", "2022-03-05", "2022-04-04", "0", "25", "0.00")
	trial.UnitPrice = money.Zero
	for name, l := range map[string]*usage.Line{
		"a trial of 25 seats": trial, "nothing used at 0.5": metered("006G", "0.5", "0.5", "0", "0.00"),
	} {
		if u := rating.Recompute(l); u.Expected.Fixed(2) != "0.00" || u.Mode == rating.ModeNone {
			t.Errorf("%s: %s, mode %s", name, u.Expected, u.Mode)
		}
	}
	for name, change := range map[string]func(*usage.Group){
		"covered by a savings plan": covered, "credited in full": func(g *usage.Group) { g.Free, g.Billed = true, money.Zero },
	} {
		g := used("006G", "2026-03-01", "2026-03-31", "1.07232626169908", "0.5", change)
		if l := rating.List([]usage.Group{g}, demoSheet()); !l[0].Amount.IsZero() || len(rating.Join(nil, l, nil)) != 0 {
			t.Errorf("%s: list amount %s; it needs no line", name, l[0].Amount)
		}
	}
}

// G16: a commitment of 0.01 an hour at the plan's rate covers part of each hour; the rest of the day is paid as used.
func TestGoldenG16SavingsPlanDay(t *testing.T) {
	t.Parallel()
	hourly, err := d("0.01").Quo(d("0.22381248"))
	if err != nil || hourly.Round(money.HalfUp, 8).String() != "0.04468026" {
		t.Fatalf("covered %s of an hour (%v), want 0.04468026", hourly, err)
	}
	day := d("24").Sub(hourly.Mul(d("24"))).Round(money.HalfUp, 13)
	if day.String() != "22.9276737383009" {
		t.Errorf("%s hours are paid as used, want 22.9276737383009", day)
	}
	row := priced("00SP", "0.3264", "", "", "2018-03-01", "")
	listed := rating.List([]usage.Group{
		used("00SP", "2026-03-01", "2026-03-01", "1.07232626169908", "0.3264", covered), used("00SP", "2026-03-01", "2026-03-01", "22.9276737383009", "0.3264"),
	}, sheetOf(row))
	cost := listed[0].Amount.Add(listed[1].Amount)
	if got := cost.Round(money.HalfUp, 14).String(); got != "7.48359270818141" {
		t.Errorf("cost of the day %s, want 7.48359270818141 (from the printed hours; the exact ones give ...142)", got)
	}
	exact := d("24").Sub(hourly.Mul(d("24"))).Mul(d("0.3264"))
	if got, whole := exact.Round(money.HalfUp, 14).String(), exact.Add(d("0.24")).Round(money.HalfUp, 8).String(); got != "7.48359270818142" || whole != "7.72359271" {
		t.Errorf("cost of the exact hours %s and with the commitment %s, want 7.48359270818142 and 7.72359271", got, whole)
	}
}

// G17 and the legacy families as whole lines.
func TestGoldenLegacyLines(t *testing.T) {
	t.Parallel()
	seat := &usage.Line{Family: usage.FamilyLegacyLicence, UnitPrice: d("4"), Quantity: d("3"), Subtotal: d("6.81"), ChargeStart: period.MustDate("2026-06-14"), ChargeEnd: period.MustDate("2026-06-30")}
	if u := rating.Recompute(seat); u.Mode != rating.ModeLegacy || u.Share != (rating.Share{Days: 17, Of: 30}) {
		t.Errorf("G17: mode %s, %v, %s", u.Mode, u.Share, u.Expected)
	}
	whole := *seat
	whole.ChargeStart, whole.Subtotal = period.MustDate("2026-06-01"), d("12.00")
	if u := rating.Recompute(&whole); u.Mode != rating.ModeLegacy || u.Share != rating.Whole {
		t.Errorf("a whole month: mode %s, %v, %s", u.Mode, u.Share, u.Expected)
	}
	used := &usage.Line{Family: usage.FamilyLegacyUsage, UnitPrice: d("0.085"), BillableQuantity: d("745"), Subtotal: d("63.33")}
	if u := rating.Recompute(used); u.Mode != rating.ModeLegacy {
		t.Errorf("legacy usage: mode %s, %s", u.Mode, u.Expected)
	}
}

// Beyond a million units a printed price of 15 decimals does not fix the ninth decimal of the product any more.
func TestLargeQuantitiesAreReproducedFromPrintedPrices(t *testing.T) {
	t.Parallel()
	quantity, cost := d("96000003"), d("412345.67")
	eup, err := cost.QuoRound(quantity, money.HalfUp, 15)
	if err != nil || !eup.MulExact(quantity).Less(cost) {
		t.Fatalf("%s x %s is not below %s (%v)", eup, quantity, cost, err)
	}
	l := metered("006G", "0.5", eup.String(), quantity.String(), cost.String())
	if u := rating.Recompute(l); u.Mode != rating.ModeUsage {
		t.Errorf("mode %s, nearest %s", u.Mode, u.Expected)
	}
	l.Subtotal = d("412345.66")
	if u := rating.Recompute(l); u.Mode != rating.ModeNone && !u.Expected.Equal(l.Subtotal) {
		t.Errorf("a cent less: mode %s, %s", u.Mode, u.Expected)
	}
	l.Subtotal = d("412345.68")
	if u := rating.Recompute(l); u.Mode != rating.ModeNone {
		t.Errorf("a cent more passes as %s", u.Mode)
	}
}
