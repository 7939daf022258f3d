package catalog_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

func d(s string) money.Decimal { return money.MustParse(s) }

var meter = catalog.ProductSKU{ProductID: "DZH318Z0BNZ5", SkuID: "006G"}

// row is a consumption price without tiers, from and to inclusive; an empty end is open.
func row(price, from, to string, change ...func(*catalog.PriceRow)) catalog.PriceRow {
	r := catalog.PriceRow{
		ID: price, View: "azure_consumption", Sheet: period.MustMonth("2026-03"), ProductID: meter.ProductID, SkuID: meter.SkuID,
		Term: "payG-1", Market: "US", Currency: "USD", UnitPrice: d(price), TierOpen: true,
	}
	r.From, _ = period.ParseDate(from)
	r.To, _ = period.ParseDate(to)
	for _, c := range change {
		c(&r)
	}
	return r
}

func tier(least, most string) func(*catalog.PriceRow) {
	return func(r *catalog.PriceRow) {
		r.TierMin = d(least)
		if r.TierOpen = most == ""; !r.TierOpen {
			r.TierMax = d(most)
		}
	}
}

func sheetOf(month string) func(*catalog.PriceRow) {
	return func(r *catalog.PriceRow) { r.Sheet = period.MustMonth(month) }
}

func market(m string) func(*catalog.PriceRow) { return func(r *catalog.PriceRow) { r.Market = m } }

func line(n int64) func(*catalog.PriceRow) {
	return func(r *catalog.PriceRow) { r.Place = usage.Place{File: "sheet.csv", Line: n} }
}

// prices writes tiers as "100@1.00 1000@0.80 @0.50"; "none" where no row was valid.
func prices(t catalog.Tiers, ok bool) string {
	if !ok {
		return "none"
	}
	var parts []string
	for _, s := range t {
		upTo := ""
		if !s.Open {
			upTo = s.UpTo.String()
		}
		parts = append(parts, upTo+"@"+s.Price.String())
	}
	return strings.Join(parts, " ")
}

func TestThePriceOfADayIsTheRowThatIsValidOnIt(t *testing.T) {
	t.Parallel()
	change := []catalog.PriceRow{
		row("0.498", "2018-03-01", "2026-02-28"), row("0.52", "2026-03-01", "2026-03-12"), row("0.4446", "2026-03-13", ""),
	}
	tiers := []catalog.PriceRow{
		row("0.50", "2018-03-01", "", tier("100001", "")), row("1.00", "2018-03-01", "", tier("1", "100")),
		row("0.80", "2018-03-01", "", tier("101", "100000")),
	}
	for _, c := range []struct {
		name string
		rows []catalog.PriceRow
		day  string
		want string
	}{
		{"the last day of a row is inclusive", change, "2026-02-28", "@0.498"},
		{"the first day of a row is inclusive", change, "2026-03-01", "@0.52"},
		{"the last day before a change", change, "2026-03-12", "@0.52"},
		{"the day of a change", change, "2026-03-13", "@0.4446"},
		{"an open row never ends", change, "2199-12-31", "@0.4446"},
		{"before all rows there is no price", change, "2018-02-28", "none"},
		{"a row without a start has always been valid", []catalog.PriceRow{row("1", "", "2026-03-31")}, "1999-01-01", "@1"},
		{"a gap has no price", []catalog.PriceRow{row("1", "2026-01-01", "2026-01-31"), row("2", "2026-03-01", "")}, "2026-02-10", "none"},
		{"of two that overlap the earlier one answers", []catalog.PriceRow{row("2", "2026-03-10", ""), row("1", "2026-01-01", "2026-03-20")}, "2026-03-15", "@1"},
		{"until it ends", []catalog.PriceRow{row("2", "2026-03-10", ""), row("1", "2026-01-01", "2026-03-20")}, "2026-03-21", "@2"},
		{"of two that begin together the first of the file answers", []catalog.PriceRow{row("2", "2026-03-01", "", line(9)), row("1", "2026-03-01", "", line(8))}, "2026-03-15", "@1"},
		{"steps come lowest first", tiers, "2026-03-15", "100@1.00 100000@0.80 @0.50"},
		{"a tier has its own validity", []catalog.PriceRow{
			row("1", "2018-01-01", "2026-03-09", tier("0", "5")), row("2", "2026-03-10", "", tier("0", "5")), row("3", "2018-01-01", "", tier("5", "")),
		}, "2026-03-10", "5@2 @3"},
		{"tiers that replace a flat price wait until it ends", []catalog.PriceRow{
			row("1", "2018-01-01", "2026-03-20"), row("2", "2026-03-10", "", tier("0", "5")), row("3", "2026-03-10", "", tier("5", "")),
		}, "2026-03-15", "@1"},
		{"and answer alone then", []catalog.PriceRow{
			row("1", "2018-01-01", "2026-03-20"), row("2", "2026-03-10", "", tier("0", "5")), row("3", "2026-03-10", "", tier("5", "")),
		}, "2026-03-21", "5@2 @3"},
		{"a flat price that replaces tiers waits too", []catalog.PriceRow{
			row("1", "2018-01-01", "2026-03-20", tier("0", "5")), row("2", "2018-01-01", "2026-03-20", tier("5", "")), row("3", "2026-03-10", ""),
		}, "2026-03-15", "5@1 @2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := prices(catalog.NewSheet(c.rows).Metered(meter, period.MustDate(c.day))); got != c.want {
				t.Errorf("%s: %s, want %s", c.day, got, c.want)
			}
		})
	}
}

// Every month has a sheet of its own; one that knows the month well wins over one that only reaches into it.
func TestSeveralSheets(t *testing.T) {
	t.Parallel()
	three := []catalog.PriceRow{
		row("1", "2018-01-01", "", sheetOf("2026-01")), row("3", "2018-01-01", "", sheetOf("2026-03")), row("5", "2018-01-01", "", sheetOf("2026-05")),
	}
	for _, c := range []struct {
		name string
		rows []catalog.PriceRow
		day  string
		want string
	}{
		{"the month's own sheet", three, "2026-03-31", "@3"},
		{"else the newest before it", three, "2026-04-01", "@3"},
		{"and not one after it", three, "2026-02-28", "@1"},
		{"else the oldest after it", three, "2025-12-31", "@1"},
		{"the newest, after all of them", three, "2027-01-01", "@5"},
		{"a sheet without a month comes last but counts", []catalog.PriceRow{row("9", "", "", func(r *catalog.PriceRow) { r.Sheet = period.Month{} })}, "2026-03-05", "@9"},
		{"a sheet that has no row for the day leaves it to the next", []catalog.PriceRow{
			row("3", "2026-03-20", "", sheetOf("2026-03")), row("1", "2018-01-01", "", sheetOf("2026-01")),
		}, "2026-03-10", "@1"},
		{"tiers of two sheets are not mixed", []catalog.PriceRow{
			row("1", "2018-01-01", "", sheetOf("2026-02"), tier("0", "5")), row("2", "2018-01-01", "", sheetOf("2026-02"), tier("5", "")),
			row("3", "2018-01-01", "", sheetOf("2026-03")),
		}, "2026-03-10", "@3"},
		{"markets have sheets of their own", []catalog.PriceRow{
			row("3", "2018-01-01", "", sheetOf("2026-03"), market("US")), row("1", "2018-01-01", "2026-03-31", sheetOf("2026-01"), market("DE")),
		}, "2026-04-10", "@3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := prices(catalog.NewSheet(c.rows).Metered(meter, period.MustDate(c.day))); got != c.want {
				t.Errorf("%s: %s, want %s", c.day, got, c.want)
			}
		})
	}
}

func TestPricesOfASpan(t *testing.T) {
	t.Parallel()
	s := catalog.NewSheet([]catalog.PriceRow{
		row("0.498", "2018-03-01", "2026-02-28"), row("0.52", "2026-03-01", "2026-03-12"), row("0.4446", "2026-03-13", ""),
	})
	tiered := catalog.NewSheet([]catalog.PriceRow{row("1", "2018-01-01", "", tier("0", "5")), row("2", "2018-01-01", "", tier("5", ""))})
	late := catalog.NewSheet([]catalog.PriceRow{row("1", "2026-03-05", "")})
	for _, c := range []struct {
		name     string
		sheet    *catalog.Sheet
		from, to string
		want     string
		byDay    bool
	}{
		{"both prices of a month in which it changes", s, "2026-03-01", "2026-03-31", "[0.52 0.4446]", true},
		{"one price where the change lies outside", s, "2026-03-13", "2026-03-31", "[0.4446]", false},
		{"the change is the span's last day", s, "2026-03-01", "2026-03-13", "[0.52 0.4446]", true},
		{"a single day", s, "2026-03-12", "2026-03-12", "[0.52]", false},
		{"every tier's price", tiered, "2026-03-01", "2026-03-31", "[1 2]", true},
		{"tiers on a single day", tiered, "2026-03-01", "2026-03-01", "[1 2]", true},
		{"a price that begins in the span", late, "2026-03-01", "2026-03-31", "[1]", true},
		{"no price at all", late, "2026-02-01", "2026-02-28", "[]", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			from, to := period.MustDate(c.from), period.MustDate(c.to)
			if got := fmt.Sprint(c.sheet.PricesBetween(meter, from, to)); got != c.want {
				t.Errorf("prices %s, want %s", got, c.want)
			}
			if got := c.sheet.ByDay(meter, from, to); got != c.byDay {
				t.Errorf("priced by day: %v, want %v", got, c.byDay)
			}
		})
	}
}

func TestASheetKnowsItsProducts(t *testing.T) {
	t.Parallel()
	s := catalog.NewSheet([]catalog.PriceRow{row("1", "2026-03-01", "2026-03-02")})
	if !s.Has(meter) || s.Has(catalog.ProductSKU{ProductID: meter.ProductID, SkuID: "006H"}) {
		t.Error("Has knows the SKUs of its rows and no others")
	}
	if catalog.NewSheet(nil).Has(meter) {
		t.Error("an empty sheet knows nothing")
	}
}
