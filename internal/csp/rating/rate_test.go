package rating_test

import (
	"fmt"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// prices writes the unit prices that a sheet allows.
func prices(r *rating.Rated) string { return fmt.Sprint(r.ListPrice) }

func TestRetailOfMeteredLines(t *testing.T) {
	t.Parallel()
	euros := func(l *usage.Line) { l.Currency, l.FXRate = "EUR", d("0.846202666") }
	for _, c := range []struct {
		name                  string
		line                  *usage.Line
		groups                []usage.Group
		retail, pec, gap, own string
	}{
		{
			"G04: the days with credit are listed without it", metered("006G", "0.5", "0.425", "648", "275.40", credited),
			[]usage.Group{used("006G", "2026-03-01", "2026-03-31", "648", "0.5", withPEC)},
			"324", "48.6", "0", "[0.5]",
		},
		{
			"in the line's currency, unrounded", metered("006G", "0.5", "0.425", "648", "233.04", credited, euros),
			[]usage.Group{used("006G", "2026-03-01", "2026-03-31", "648", "0.5", withPEC, inEuros)},
			"274.169663784", "41.1254495676", "0", "[0.5]",
		},
		{
			"G15: a line that is cut to 0.00 has retail", metered("006G", "0.5", "0.5", "0.019999", "0.00"),
			[]usage.Group{used("006G", "2026-03-01", "2026-03-31", "0.019999", "0.5")},
			"0.0099995", "0", "0", "[0.5]",
		},
		{
			"tiers: the price of the tier that was reached", metered("006T", "0.80", "0.998019801980198", "101", "100.80"),
			[]usage.Group{used("006T", "2026-03-01", "2026-03-01", "100", "1"), used("006T", "2026-03-02", "2026-03-02", "1", "0.8")},
			"100.8", "0", "0", "[0.80]",
		},
		{
			"a price that changed: that of the last usage day", metered("006C", "0.4446", "0.4823", "4", "1.92"),
			[]usage.Group{used("006C", "2026-03-20", "2026-03-20", "2", "0.4446"), used("006C", "2026-03-01", "2026-03-01", "2", "0.52")},
			"1.9292", "0", "0", "[0.4446]",
		},
		{
			"quantity without usage is listed at the line's price, and any price of its days may stand there", metered("006C", "0.52", "0.442", "10", "4.42", credited),
			[]usage.Group{used("006C", "2026-03-01", "2026-03-01", "4", "0.52", withPEC)},
			"5.2", "0.78", "6", "[0.52 0.4446]",
		},
		{"no usage at all", metered("006G", "0.5", "0.5", "10", "5.00"), nil, "5", "0", "10", "[0.5]"},
		{
			"a correction", metered("006G", "0.5", "0.5", "-3", "-1.50"),
			[]usage.Group{used("006G", "2026-03-05", "2026-03-05", "-3", "0.5")},
			"-1.5", "0", "0", "[0.5]",
		},
		{
			"a product of no sheet", metered("00ZZ", "0.122", "0.122", "10", "1.22"),
			[]usage.Group{used("00ZZ", "2026-03-01", "2026-03-31", "10", "0.122")},
			"1.22", "0", "0", "[]",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := rating.Rate(c.line, pointers(rating.List(c.groups, demoSheet())), demoSheet())
			if !r.Retail.Equal(d(c.retail)) || !r.HasRetail || !r.PECCredit.Equal(d(c.pec)) || !r.Gap.Equal(d(c.gap)) {
				t.Errorf("retail %s (%v), credit %s, gap %s; want %s, %s, %s", r.Retail, r.HasRetail, r.PECCredit, r.Gap, c.retail, c.pec, c.gap)
			}
			if got := prices(&r); got != c.own || !r.PriceAgrees() {
				t.Errorf("prices %s, want %s; the line's %s agrees: %v", got, c.own, c.line.UnitPrice, r.PriceAgrees())
			}
			if r.Category != rating.AzurePlan || r.Type != rating.ChargeNew || !r.Known {
				t.Errorf("%s %s %v", r.Category, r.Type, r.Known)
			}
		})
	}
}

// seats is a price sheet row of a licence: price and retail of the whole term.
func seats(price, erp, term, plan, segment, from string) catalog.PriceRow {
	return catalog.PriceRow{
		ID: price, View: "updatedlicensebased", Sheet: march, ProductID: "CFQ7TTC0LH18", SkuID: "0001", Term: term, BillingPlan: plan, Market: "DE",
		Currency: "EUR", Segment: segment, UnitPrice: d(price), ERPPrice: d(erp), HasERP: erp != "0", TierOpen: true, From: period.MustDate(from),
	}
}

// seatLine is a licence line in EUR.
func seatLine(term, start, from, to, price, eup, quantity, subtotal string) *usage.Line {
	l := licence("addQuantity", from, to, eup, quantity, subtotal)
	l.Currency, l.PricingCurrency, l.ProductID, l.SkuID = "EUR", "EUR", "CFQ7TTC0LH18", "0001"
	l.TermAndBillingCycle, l.UnitPrice, l.SubscriptionStart = term, d(price), period.MustDate(start)
	return l
}

func trial(l *usage.Line) *usage.Line {
	l.ProductQualifiers = `["Trial"]`
	return l
}

func TestRetailOfLicences(t *testing.T) {
	t.Parallel()
	free := seats("0", "0", "P1M", "None", "Commercial", "2020-01-01")
	free.HasERP = true
	sheet := catalog.NewSheet([]catalog.PriceRow{
		seats("10.8", "13.5", "P1M", "Monthly", "Commercial", "2020-01-01"), seats("113.4", "141.75", "P1Y", "Monthly", "Commercial", "2020-01-01"),
		seats("108", "135", "P1Y", "Annual", "Commercial", "2020-01-01"), seats("6", "7", "P1M", "Monthly", "Charity", "2020-01-01"),
		seats("3393.90", "4000", "P1Y", "Monthly", "Education", "2020-01-01"),
		free,
	})
	for _, c := range []struct {
		name                    string
		line                    *usage.Line
		retail, own, row, start string
	}{
		{"a whole month", seatLine(byMonth, "2026-03-07", "2026-03-07", "2026-04-06", "10.8", "10.8", "38", "410.40"), "513", "[6 10.8]", "10.8", "2026-03-07"},
		{"a recharge, prorated by its days", seatLine(byMonth, "2026-03-07", "2026-03-08", "2026-04-06", "10.8", "10.451612903225806", "39", "407.61"), "509.516129032258064516", "[6 10.8]", "10.8", "2026-03-07"},
		{"its refund mirrors it", seatLine(byMonth, "2026-03-07", "2026-03-08", "2026-04-06", "10.8", "-10.451612903225806", "39", "-407.61"), "-509.516129032258064516", "[6 10.8]", "10.8", "2026-03-07"},
		{"a monthly plan pays a twelfth (D10)", seatLine(yearPaid, "2025-12-31", "2026-03-31", "2026-04-29", "9.45", "9.45", "37", "349.65"), "436.97", "[282.83 9.45]", "113.4", "2026-03-31"},
		{"an annual plan pays the year", seatLine(yearly, "2026-03-08", "2026-03-08", "2027-03-07", "108", "108", "2", "216.00"), "270", "[108]", "108", "2026-03-08"},
		{"another segment's price", seatLine(byMonth, "2026-03-07", "2026-03-07", "2026-04-06", "6", "6", "10", "60.00"), "70", "[6 10.8]", "6", "2026-03-07"},
		{"no sheet row at the term's start: no retail but the cost", seatLine(byMonth, "2019-03-07", "2019-03-07", "2019-04-06", "10.8", "10.8", "1", "10.80"), "10.80", "[]", "", "2019-03-07"},
		{"a trial has a plan of its own, None", trial(seatLine(byMonth, "2026-03-07", "2026-03-07", "2026-04-06", "0", "0", "25", "0.00")), "0", "[0]", "0", "2026-03-07"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := rating.Rate(c.line, nil, sheet)
			row := ""
			if r.Committed != nil {
				row = r.Committed.ID
			}
			if !r.Retail.Equal(d(c.retail)) || r.HasRetail != (c.row != "") || prices(&r) != c.own || row != c.row || !r.PriceAgrees() {
				t.Errorf("retail %s (%v), prices %s, row %s; want %s, %s, %s", r.Retail, r.HasRetail, prices(&r), row, c.retail, c.own, c.row)
			}
			if got := r.On().String(); got != c.start {
				t.Errorf("rules of %s apply, want %s", got, c.start)
			}
		})
	}
}

// Decision D09: seats that are added to a running term have the price of its start, not of the order.
func TestThePriceOfALicenceIsLockedForItsTerm(t *testing.T) {
	t.Parallel()
	before, after := seats("10.8", "13.5", "P1M", "Monthly", "Commercial", "2020-01-01"), seats("12", "15", "P1M", "Monthly", "Commercial", "2026-03-10")
	before.To = period.MustDate("2026-03-09")
	sheet := catalog.NewSheet([]catalog.PriceRow{before, after})
	added := seatLine(byMonth, "2026-03-07", "2026-03-12", "2026-04-06", "10.8", "9.058064516129032", "36", "326.09")
	renewed := seatLine(byMonth, "2026-03-10", "2026-03-12", "2026-04-09", "10.8", "10.103225806451613", "36", "363.71")
	if r := rating.Rate(added, nil, sheet); !r.PriceAgrees() || prices(&r) != "[10.8]" {
		t.Errorf("added seats: %s", prices(&r))
	}
	if r := rating.Rate(renewed, nil, sheet); r.PriceAgrees() || prices(&r) != "[12]" {
		t.Errorf("a term that began after the change: %s", prices(&r))
	}
}

func TestLinesWithoutRetailSellFromCost(t *testing.T) {
	t.Parallel()
	reserved := seats("1492", "0", "P1Y", "", "", "2020-01-01")
	reserved.View, reserved.ProductID, reserved.SkuID, reserved.Currency, reserved.Market = "azure_reservations", "DZH318Z0RESV", "001F", "USD", "US"
	sheet := catalog.NewSheet([]catalog.PriceRow{reserved})
	line := func(change func(*usage.Line)) *usage.Line {
		l := &usage.Line{
			Family: usage.FamilyNewCommerce, ChargeType: "new", ProductID: "DZH318Z0RESV", SkuID: "001F", Currency: "EUR", PricingCurrency: "USD", FXRate: d("0.842386466"),
			UnitPrice: d("1492"), EffectiveUnitPrice: d("1492"), BillableQuantity: d("1"), Subtotal: d("1256.84"), Total: d("1256.84"), PublisherName: "Microsoft",
			TermAndBillingCycle: "1 Year Reservation", ChargeStart: period.MustDate("2026-03-01"), ChargeEnd: period.MustDate("2027-02-28"),
		}
		change(l)
		return l
	}
	for _, c := range []struct {
		name  string
		line  *usage.Line
		want  string
		price string
		mode  rating.Mode
	}{
		{"a reservation paid at once", line(func(*usage.Line) {}), rating.Reservation, "[1492 1492]", rating.ModeEither},
		{"a reservation paid by the month", line(func(l *usage.Line) {
			l.BillingFrequency, l.UnitPrice, l.EffectiveUnitPrice, l.Subtotal = "Monthly", d("124.33"), d("124.33"), d("104.73")
		}), rating.Reservation, "[124.33 1492]", rating.ModeEither},
		{"a savings plan has no price row", line(func(l *usage.Line) { l.TermAndBillingCycle = "1 Year Savings Plan, monthly billing" }), rating.SavingsPlan, "[]", rating.ModeEither},
		{"a third party's product has none", line(func(l *usage.Line) { l.PublisherName, l.PublisherID = "Contoso ISV", "1" }), rating.ThirdParty, "[]", rating.ModeEither},
		{"a credit", line(func(l *usage.Line) { l.ChargeType, l.SubscriptionDescription = "customerCredit", "Azure plan" }), rating.AzurePlan, "[]", rating.ModeEither},
		{"a cost row without list cost", line(func(l *usage.Line) { l.Family = usage.FamilyCostRow }), rating.AzurePlan, "[]", rating.ModeExact},
	} {
		r := rating.Rate(c.line, nil, sheet)
		if r.HasRetail || !r.Retail.Equal(c.line.Subtotal) || r.Category != c.want || prices(&r) != c.price || r.Up.Mode != c.mode || !r.PriceAgrees() {
			t.Errorf("%s: %s, retail %s (%v), prices %s, mode %s", c.name, r.Category, r.Retail, r.HasRetail, prices(&r), r.Up.Mode)
		}
	}
	row := line(func(l *usage.Line) { l.Family, l.HasRetail, l.Retail = usage.FamilyCostRow, true, d("1300") })
	if r := rating.Rate(row, nil, sheet); !r.HasRetail || r.Retail.String() != "1300" {
		t.Errorf("a cost row's own list cost: %s (%v)", r.Retail, r.HasRetail)
	}
}
