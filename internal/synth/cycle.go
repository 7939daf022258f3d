package synth

import "github.com/chandler-csp/chandler/internal/core/period"

// cycle is one billing cycle, both ends inclusive.
type cycle struct{ from, to period.Date }

// days is the divisor of a proration: the days of the month in which a monthly cycle starts, of the whole year for an
// annual one (B4).
func (c cycle) days(plan string) int {
	if plan == planMonthly {
		return c.from.Month().Days()
	}
	return c.from.DaysThrough(c.to)
}

// prorates says whether a seat change may fall on the cycle: where the divisor is not the cycle's length, nothing says
// what a change costs (D08).
func (c cycle) prorates(plan string) bool { return c.days(plan) == c.from.DaysThrough(c.to) }

// monthlyTerm is the n-th monthly term after one that began on start: each renewal is a term of its own, one calendar
// month later, the day clamped (B12).
func monthlyTerm(start period.Date, n int) cycle {
	for range n {
		start = start.AddMonths(1)
	}
	return cycle{start, start.AddMonths(1).AddDays(-1)}
}

// monthlyPlan is the n-th monthly cycle of an annual term. Bought on the last day of a month or the one before, cycles
// keep their distance from the month's end (B4, B12).
func monthlyPlan(start period.Date, n int) cycle {
	return cycle{anchor(start, n), anchor(start, n+1).AddDays(-1)}
}

func anchor(start period.Date, n int) period.Date {
	left := start.Month().Last().Sub(start)
	if left > 1 {
		return start.AddMonths(n)
	}
	return start.Month().Add(n).Last().AddDays(-left)
}

// annualPlan is the n-th year of an annual term that is paid at once.
func annualPlan(start period.Date, n int) cycle {
	return cycle{start.AddMonths(12 * n), start.AddMonths(12 * (n + 1)).AddDays(-1)}
}
