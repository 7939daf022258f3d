package synth

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/period"
)

func TestMonthlyTermsEndWhereMicrosoftEndsThem(t *testing.T) {
	t.Parallel() // the ten purchases of billing reference B12
	for _, c := range [][3]string{
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
		start := period.MustDate(c[0])
		if got := monthlyTerm(start, 0).to.String(); got != c[1] {
			t.Errorf("bought %s: ends %s, want %s", c[0], got, c[1])
		}
		if got := monthlyTerm(start, 1).from.String(); got != c[2] {
			t.Errorf("bought %s: renews %s, want %s", c[0], got, c[2])
		}
	}
}

func TestMonthlyPlansKeepTheirDistanceFromTheMonthsEnd(t *testing.T) {
	t.Parallel()
	for bought, starts := range map[string][]string{
		"2021-01-31": {"2021-01-31", "2021-02-28", "2021-03-31", "2021-04-30", "2021-05-31", "2021-06-30", "2021-07-31", "2021-08-31", "2021-09-30", "2021-10-31", "2021-11-30", "2021-12-31"},
		"2021-01-30": {"2021-01-30", "2021-02-27", "2021-03-30", "2021-04-29", "2021-05-30", "2021-06-29", "2021-07-30", "2021-08-30", "2021-09-29", "2021-10-30", "2021-11-29", "2021-12-30"},
		"2021-01-15": {"2021-01-15", "2021-02-15", "2021-03-15"},
	} {
		for n, want := range starts {
			if got := monthlyPlan(period.MustDate(bought), n).from.String(); got != want {
				t.Errorf("bought %s, cycle %d: starts %s, want %s", bought, n, got, want)
			}
		}
	}
	for bought, end := range map[string]string{"2021-01-31": "2022-01-30", "2021-01-30": "2022-01-29"} {
		if got := monthlyPlan(period.MustDate(bought), 11).to.String(); got != end {
			t.Errorf("bought %s: the year ends %s, want %s", bought, got, end)
		}
	}
}

func TestCycleDays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		start, plan string
		days        int
		prorates    bool
	}{
		{"2021-02-21", planMonthly, 28, true},
		{"2021-03-21", planMonthly, 31, true},
		{"2021-01-31", planMonthly, 31, false}, // 28 days long (D08)
		{"2023-03-01", planAnnual, 366, true},
		{"2021-03-01", planAnnual, 365, true},
	} {
		got := monthlyPlan(period.MustDate(c.start), 0)
		if c.plan == planAnnual {
			got = annualPlan(period.MustDate(c.start), 0)
		}
		if got.days(c.plan) != c.days || got.prorates(c.plan) != c.prorates {
			t.Errorf("%s %s: %d days, prorates %v; want %d, %v", c.start, c.plan, got.days(c.plan), got.prorates(c.plan), c.days, c.prorates)
		}
	}
}
