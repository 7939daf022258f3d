package rating

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// Cycle is the billing cycle that a licence line's charge lies in.
type Cycle struct {
	From, To period.Date // inclusive
	Days     int         // chargeCycleDays: days of the calendar month in which the cycle starts, or of the year (B4)
}

// maxCycles bounds the walk from the term's start: a five-year term in months.
const maxCycles = 60

// CycleOf finds the cycle that ends with the line's charge, counted from the term's start, and false when no cycle of
// the term does (an aligned end date, for instance). A month's anchor may be clamped or counted from the month's end
// (billing reference B4, B12); whichever explains Microsoft's own end date is taken.
func CycleOf(l *usage.Line) (Cycle, bool) {
	if l.ChargeStart.IsZero() || l.ChargeEnd.IsZero() {
		return Cycle{}, false
	}
	start := l.SubscriptionStart
	if start.IsZero() {
		start = l.ChargeStart
	}
	months := cycleMonths(l)
	if months == 0 {
		return Cycle{}, false
	}
	var within Cycle
	for _, anchor := range []func(period.Date, int) period.Date{period.Date.AddMonths, addMonthsFromEnd} {
		for k := range maxCycles {
			from, to := anchor(start, k*months), anchor(start, (k+1)*months).AddDays(-1)
			if to.After(l.ChargeEnd) {
				break
			}
			if to != l.ChargeEnd || l.ChargeStart.Before(from) {
				continue
			}
			c := Cycle{From: from, To: to, Days: cycleDays(from, to, months)}
			if from == l.ChargeStart {
				return c, true // both anchors may end on the day; only one of them starts on the charge's
			}
			if within.Days == 0 {
				within = c
			}
		}
	}
	return within, within.Days > 0
}

// usualDays are the cycle lengths that occur.
var usualDays = []int{28, 29, 30, 31, 365, 366}

// alignedShare is the share of a charge whose end no cycle of the term explains, since it was aligned with another
// subscription's (B4, coterminosity): the cycle length that gives the printed effective unit price. False: none does;
// the share is then that of the cycle in which the charge starts.
func alignedShare(l *usage.Line) (Share, bool) {
	if l.ChargeStart.IsZero() || l.ChargeEnd.IsZero() || agrees(l.EffectiveUnitPrice, DerivedEUP(l, Whole)) {
		return Whole, true
	}
	days, around := l.ChargeStart.DaysThrough(l.ChargeEnd), daysAround(l)
	for _, of := range append([]int{around}, usualDays...) {
		if s := (Share{days, of}); agrees(l.EffectiveUnitPrice, DerivedEUP(l, s)) {
			return s, true
		}
	}
	return Share{days, around}, false
}

// daysAround are the days of the term's cycle that holds the charge's start.
func daysAround(l *usage.Line) int {
	months := cycleMonths(l)
	if l.SubscriptionStart.IsZero() || months == 0 {
		return l.ChargeStart.Month().Days()
	}
	for k := range maxCycles {
		from, to := l.SubscriptionStart.AddMonths(k*months), l.SubscriptionStart.AddMonths((k+1)*months).AddDays(-1)
		if !l.ChargeStart.After(to) {
			return cycleDays(from, to, months)
		}
	}
	return l.ChargeStart.Month().Days()
}

// cycleMonths is the length of the billing cycle that the line's plan says, 0 when it says none.
func cycleMonths(l *usage.Line) int {
	term := LineTerm(l)
	switch {
	case term.Plan == "Monthly" || term.Plan == "" && term.Duration == "P1M":
		return 1
	case term.Plan == "Annual" || term.Plan == "" && term.Duration == "P1Y":
		return 12
	case term.Plan == "Triennial" || term.Plan == "" && term.Duration == "P3Y":
		return 36
	default:
		return 0
	}
}

func cycleDays(from, to period.Date, months int) int {
	if months == 1 {
		return from.Month().Days()
	}
	return from.DaysThrough(to)
}

// addMonthsFromEnd keeps the distance from the month's end for a day that is the last or last but one of its month:
// bought on 30 January, the cycles start on 27 February and 30 March (billing reference B12).
func addMonthsFromEnd(d period.Date, n int) period.Date {
	left := d.Month().Last().Sub(d)
	if left > 1 {
		return d.AddMonths(n)
	}
	return d.Month().Add(n).Last().AddDays(-left)
}

// Share is the part of the cycle that the line charges, as days over cycle days; a line over the whole cycle is 1/1,
// also where the cycle is shorter than chargeCycleDays (decision D08).
type Share struct{ Days, Of int }

// Whole is the share of a line without proration.
var Whole = Share{1, 1}

// ShareOf is the line's share of its cycle.
func ShareOf(l *usage.Line, c Cycle) Share {
	if l.ChargeStart == c.From && l.ChargeEnd == c.To {
		return Whole
	}
	return Share{l.ChargeStart.DaysThrough(l.ChargeEnd), c.Days}
}

// Apply is amount x days / cycle days, divided once at the end, with 18 decimals.
func (s Share) Apply(amount money.Decimal) money.Decimal {
	if s.Days == s.Of {
		return amount
	}
	q, err := amount.MulExact(money.FromInt(int64(s.Days))).Quo(money.FromInt(int64(s.Of)))
	if err != nil {
		return amount
	}
	return q
}
