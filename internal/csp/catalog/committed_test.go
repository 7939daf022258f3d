package catalog_test

import (
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
)

var suite = catalog.ProductSKU{ProductID: "CFQ7TTC0LH18", SkuID: "0001"}

// licence is a row of a licence sheet: price, term, plan and segment.
func licence(price, term, plan, segment string, change ...func(*catalog.PriceRow)) catalog.PriceRow {
	r := row(price, "2020-01-01", "", change...)
	r.View, r.ProductID, r.SkuID, r.Term, r.BillingPlan, r.Segment = "updatedlicensebased", suite.ProductID, suite.SkuID, term, plan, segment
	if r.Market == "US" {
		r.Market = "DE"
	}
	if r.Currency == "USD" {
		r.Currency = "EUR"
	}
	r.ERPPrice, r.HasERP = d(price).Mul(d("1.25")), true
	return r
}

func in(c money.Currency) func(*catalog.PriceRow) {
	return func(r *catalog.PriceRow) { r.Currency = c }
}

func TestCommittedPrices(t *testing.T) {
	t.Parallel()
	rows := []catalog.PriceRow{
		licence("108", "P1Y", "Annual", "Commercial"), licence("113.4", "P1Y", "Monthly", "Commercial"),
		licence("10.8", "P1M", "Monthly", "Commercial"), licence("60", "P1Y", "Annual", "Charity"),
		licence("804", "P1Y", "Annual", "Commercial", in("DKK")), licence("0", "P1M", "None", "Commercial"),
		licence("300", "P3Y", "Triennial", "Commercial"),
	}
	renewed := []catalog.PriceRow{licence("108", "P1Y", "Annual", "Commercial"), licence("120", "P1Y", "Annual", "Commercial")}
	renewed[0].To, renewed[1].From = period.MustDate("2026-03-31"), period.MustDate("2026-03-01")
	overlap := []catalog.PriceRow{licence("1", "P1Y", "Annual", "Commercial"), licence("1", "P1Y", "Annual", "Commercial", market("AT"))}
	for _, c := range []struct {
		name     string
		rows     []catalog.PriceRow
		term     catalog.Term
		currency money.Currency
		on       string
		want     string
	}{
		{"one row a segment", rows, catalog.Term{Duration: "P1Y", Plan: "Annual"}, "EUR", "2026-03-01", "108 60"},
		{"the plan decides", rows, catalog.Term{Duration: "P1Y", Plan: "Monthly"}, "EUR", "2026-03-01", "113.4"},
		{"the term decides", rows, catalog.Term{Duration: "P1M", Plan: "Monthly"}, "EUR", "2026-03-01", "10.8"},
		{"words have no case", rows, catalog.Term{Duration: "p1y", Plan: "MONTHLY"}, "EUR", "2026-03-01", "113.4"},
		{"the currency decides", rows, catalog.Term{Duration: "P1Y", Plan: "Annual"}, "DKK", "2026-03-01", "804"},
		{"no currency takes all", rows, catalog.Term{Duration: "P1Y", Plan: "Annual"}, "", "2026-03-01", "108 60 804"},
		{"no plan takes all plans of the term", rows, catalog.Term{Duration: "P1Y"}, "EUR", "2026-03-01", "108 113.4 60"},
		{"no term takes all terms of the plan", rows, catalog.Term{Plan: "Triennial"}, "EUR", "2026-03-01", "300"},
		{"a currency without a price has none", rows, catalog.Term{Duration: "P1Y", Plan: "Annual"}, "GBP", "2026-03-01", ""},
		{"before the sheet there is none", rows, catalog.Term{Duration: "P1Y", Plan: "Annual"}, "EUR", "2019-12-31", ""},
		{"the earlier row wins until it ends", renewed, catalog.Term{Duration: "P1Y", Plan: "Annual"}, "EUR", "2026-03-31", "108"},
		{"the later row answers after that", renewed, catalog.Term{Duration: "P1Y", Plan: "Annual"}, "EUR", "2026-04-01", "120"},
		{"one row a market", overlap, catalog.Term{Duration: "P1Y", Plan: "Annual"}, "EUR", "2026-03-31", "1 1"},
		{"consumption is not a commitment", []catalog.PriceRow{row("1", "", "", func(r *catalog.PriceRow) { r.ProductID, r.SkuID = suite.ProductID, suite.SkuID })}, catalog.Term{}, "", "2026-03-01", ""},
		{"a reservation has a term and no plan", []catalog.PriceRow{licence("1492", "P1Y", "", "", in("USD2"))}, catalog.Term{Duration: "P1Y", Plan: "Monthly"}, "USD2", "2026-03-01", "1492"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, r := range catalog.NewSheet(c.rows).Committed(suite, c.term, c.currency, period.MustDate(c.on)) {
				got = append(got, r.UnitPrice.String())
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("prices %v, want %s", got, c.want)
			}
		})
	}
	if _, ok := catalog.NewSheet(rows).Metered(suite, period.MustDate("2026-03-01")); ok {
		t.Error("a licence row answered for consumption")
	}
}

func TestPriceOfABillingPeriod(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		term    catalog.Term
		price   string
		periods int64
		want    string
	}{
		{"G18: 3393.90 a year is 282.83 a month", catalog.Term{Duration: "P1Y", Plan: "Monthly"}, "3393.90", 12, "282.83"},
		{"an annual plan is the whole year", catalog.Term{Duration: "P1Y", Plan: "Annual"}, "3393.90", 1, "3393.90"},
		{"a month by month", catalog.Term{Duration: "P1M", Plan: "Monthly"}, "10.8", 1, "10.8"},
		{"three years by year", catalog.Term{Duration: "P3Y", Plan: "Annual"}, "100", 3, "33.33"},
		{"three years by month", catalog.Term{Duration: "P3Y", Plan: "Monthly"}, "100", 36, "2.78"},
		{"three years at once", catalog.Term{Duration: "P3Y", Plan: "Triennial"}, "100", 1, "100"},
		{"no plan is the whole term", catalog.Term{Duration: "P1Y"}, "100", 1, "100"},
		{"no term", catalog.Term{}, "100", 1, "100"},
		{"a plan longer than the term is the term", catalog.Term{Duration: "P1M", Plan: "Annual"}, "10", 1, "10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := c.term.Periods(); got != c.periods {
				t.Errorf("%d periods, want %d", got, c.periods)
			}
			if got := catalog.PeriodPrice(d(c.price), c.term).String(); got != c.want {
				t.Errorf("period price %s, want %s", got, c.want)
			}
		})
	}
	// G18: twelve of them are what Microsoft bills a year; half-even and truncation would give 3393.84.
	month := catalog.PeriodPrice(d("3393.90"), catalog.Term{Duration: "P1Y", Plan: "Monthly"})
	if got := month.Mul(money.FromInt(12)).String(); got != "3393.96" {
		t.Errorf("a year is %s, want 3393.96", got)
	}
}
