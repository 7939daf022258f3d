package rating_test

import (
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// charged is a licence line of a term that began on start, charged from and to.
func charged(term, start, from, to string) *usage.Line {
	l := licence("cycleCharge", from, to, "12", "1", "12.00")
	l.TermAndBillingCycle, l.BillingFrequency = term, ""
	l.SubscriptionStart, _ = period.ParseDate(start)
	l.SubscriptionEnd = period.Date{}
	return l
}

const (
	byMonth  = "One-month commitment for monthly billing"
	yearly   = "One-Year commitment for yearly billing"
	yearPaid = "One-Year commitment for monthly billing"
)

// Billing reference B12: ten unrelated purchases of a monthly term.
func TestMonthlyTermsEndTheDayBeforeTheirClampedAnniversary(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ bought, ends, renews string }{
		{"2021-01-31", "2021-02-27", "2021-02-28"},
		{"2021-02-28", "2021-03-27", "2021-03-28"},
		{"2021-05-31", "2021-06-29", "2021-06-30"},
		{"2021-06-30", "2021-07-29", "2021-07-30"},
		{"2021-07-31", "2021-08-30", "2021-08-31"},
		{"2021-01-30", "2021-02-27", "2021-02-28"},
		{"2021-02-27", "2021-03-26", "2021-03-27"},
		{"2021-05-30", "2021-06-29", "2021-06-30"},
		{"2021-06-29", "2021-07-28", "2021-07-29"},
		{"2021-07-30", "2021-08-29", "2021-08-30"},
	} {
		l := charged(byMonth, c.bought, c.bought, c.ends)
		got, ok := rating.CycleOf(l)
		if !ok || got.From.String() != c.bought || got.To.AddDays(1).String() != c.renews {
			t.Errorf("bought %s: cycle %s to %s (%v), want the end %s", c.bought, got.From, got.To, ok, c.ends)
		}
		if s := rating.ShareOf(l, got); s != rating.Whole {
			t.Errorf("bought %s: the whole cycle is charged as %d of %d days", c.bought, s.Days, s.Of)
		}
	}
}

// Billing reference B12: a monthly plan inside an annual term keeps its distance from the month's end.
func TestMonthlyPlansOfAnAnnualTermKeepTheirDistanceFromTheMonthsEnd(t *testing.T) {
	t.Parallel()
	for _, starts := range []string{
		"2021-01-31 02-28 03-31 04-30 05-31 06-30 07-31 08-31 09-30 10-31 11-30 12-31 2022-01-31",
		"2021-01-30 02-27 03-30 04-29 05-30 06-29 07-30 08-30 09-29 10-30 11-29 12-30 2022-01-30",
	} {
		days := strings.Fields(starts)
		for i := 1; i < len(days)-1; i++ {
			days[i] = "2021-" + days[i]
		}
		for i, from := range days[:12] {
			to := period.MustDate(days[i+1]).AddDays(-1)
			l := charged(yearPaid, days[0], from, to.String())
			got, ok := rating.CycleOf(l)
			if !ok || got.From.String() != from || got.To != to || got.Days != got.From.Month().Days() {
				t.Errorf("bought %s: cycle %s to %s of %d days (%v), want %s to %s", days[0], got.From, got.To, got.Days, ok, from, to)
			}
		}
	}
}

func TestCyclesAndShares(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, term, start, from, to string
		cycle                       string
		days                        int
		share                       rating.Share
	}{
		{"a February cycle has 28 days", yearPaid, "2025-11-21", "2026-02-24", "2026-03-20", "2026-02-21", 28, rating.Share{Days: 25, Of: 28}},
		{"29 in a leap year", yearPaid, "2023-11-21", "2024-02-24", "2024-03-20", "2024-02-21", 29, rating.Share{Days: 26, Of: 29}},
		{"a March cycle has 31 days", yearPaid, "2025-11-21", "2026-03-22", "2026-04-20", "2026-03-21", 31, rating.Share{Days: 30, Of: 31}},
		{"the whole of a cycle shorter than its month is one whole (D08)", byMonth, "2026-01-31", "2026-01-31", "2026-02-27", "2026-01-31", 31, rating.Whole},
		{"an annual plan counts days of the year", yearly, "2026-03-08", "2026-03-11", "2027-03-07", "2026-03-08", 365, rating.Share{Days: 362, Of: 365}},
		{"366 where the year holds a 29 February", yearly, "2023-03-08", "2023-03-11", "2024-03-07", "2023-03-08", 366, rating.Share{Days: 363, Of: 366}},
		{"bought on 29 February", yearly, "2024-02-29", "2024-02-29", "2025-02-27", "2024-02-29", 365, rating.Whole},
		{"the second year of a term paid by the year", "Three-Year commitment for yearly billing", "2025-03-08", "2026-03-08", "2027-03-07", "2026-03-08", 365, rating.Whole},
		{"three years at once", "Three-Year commitment for triennial billing", "2026-03-08", "2026-03-09", "2029-03-07", "2026-03-08", 1096, rating.Share{Days: 1095, Of: 1096}},
		{"three years at once, said otherwise", "3 Year commitment for one-time billing", "2026-03-08", "2026-03-08", "2029-03-07", "2026-03-08", 1096, rating.Whole},
		{"a trial that is converted after five days", byMonth, "2026-03-04", "2026-03-09", "2026-04-03", "2026-03-04", 31, rating.Share{Days: 26, Of: 31}},
		{"one day", byMonth, "2026-03-07", "2026-04-06", "2026-04-06", "2026-03-07", 31, rating.Share{Days: 1, Of: 31}},
		{"a line without a term start begins its own cycle", byMonth, "", "2026-03-07", "2026-04-06", "2026-03-07", 31, rating.Whole},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := charged(c.term, c.start, c.from, c.to)
			got, ok := rating.CycleOf(l)
			if !ok || got.From.String() != c.cycle || got.Days != c.days {
				t.Fatalf("cycle from %s of %d days (%v), want from %s of %d", got.From, got.Days, ok, c.cycle, c.days)
			}
			if s := rating.ShareOf(l, got); s != c.share {
				t.Errorf("%d of %d days, want %d of %d", s.Days, s.Of, c.share.Days, c.share.Of)
			}
		})
	}
}

func TestNoCycleExplainsTheseLines(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]*usage.Line{
		"an end that was aligned with another subscription": charged(byMonth, "2026-03-07", "2026-03-07", "2026-03-31"),
		"a charge before the term":                          charged(byMonth, "2026-03-07", "2026-02-07", "2026-03-06"),
		"no billing plan":                                   charged("", "2026-03-07", "2026-03-07", "2026-04-06"),
		"no dates":                                          charged(byMonth, "2026-03-07", "", ""),
	} {
		if c, ok := rating.CycleOf(l); ok {
			t.Errorf("%s: cycle %s to %s", name, c.From, c.To)
		}
	}
}

func TestBillingFrequencySaysThePlanWhereTheTextDoesNot(t *testing.T) {
	t.Parallel()
	l := charged("One-Year commitment", "2025-11-21", "2026-03-22", "2026-04-20")
	l.BillingFrequency = "Monthly"
	if c, ok := rating.CycleOf(l); !ok || c.From.String() != "2026-03-21" || c.Days != 31 {
		t.Errorf("cycle from %s of %d days (%v), want from 2026-03-21 of 31", c.From, c.Days, ok)
	}
}

// An aligned first cycle is prorated by a cycle that it does not fill; the printed price tells by which.
func TestAlignedEndDatesAreProrated(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, to, eup, quantity, subtotal string
		share                                   rating.Share
		prorates                                bool
	}{
		{"25 of the 31 days of March", "2026-03-07", "2026-03-31", "9.677419354838710", "10", "96.77", rating.Share{Days: 25, Of: 31}, true},
		{"printed with two decimals", "2026-03-07", "2026-03-31", "9.67", "10", "96.77", rating.Share{Days: 25, Of: 31}, true},
		{"10 of the 28 days of the cycle before", "2026-03-01", "2026-03-10", "4.285714285714286", "10", "42.85", rating.Share{Days: 10, Of: 28}, true},
		{"the full price", "2026-03-07", "2026-03-31", "12", "10", "120.00", rating.Whole, true},
		{"no cycle length gives this price", "2026-03-07", "2026-03-31", "5", "10", "50.00", rating.Share{Days: 25, Of: 31}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			l := charged(byMonth, c.from, c.from, c.to)
			l.EffectiveUnitPrice, l.BillableQuantity, l.Subtotal = d(c.eup), d(c.quantity), d(c.subtotal)
			u := rating.Recompute(l)
			if u.Share != c.share || u.Prorates != c.prorates || u.HasCycle {
				t.Errorf("%d of %d days, prorates %v, want %v, %v", u.Share.Days, u.Share.Of, u.Prorates, c.share, c.prorates)
			}
			if c.prorates && u.Mode == rating.ModeNone {
				t.Errorf("no rounding family gives %s, nearest %s", c.subtotal, u.Expected)
			}
		})
	}
}
