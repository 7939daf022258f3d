// Package figure writes numbers, days and spans as documents show them. It owns how a figure looks to a customer and
// nothing about what it means; it makes no float from an amount. Invariant: a figure is never "-0.00", and no digit of
// an amount is dropped.
package figure

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Amount is the plain amount with the decimals of the currency's minor unit, or more when the amount carries more:
// "1234.50" in EUR, "1235" in JPY, "1.234" in KWD.
func Amount(a money.Decimal, c money.Currency) string {
	return a.Fixed(max(c.MinorUnits(), a.Scale()))
}

// Grouped is Amount with a comma before every third digit: "-1,234.50".
func Grouped(a money.Decimal, c money.Currency) string { return group(Amount(a, c)) }

// Quantity is a number with the decimals it needs and separated thousands: "1,488.000125".
func Quantity(q money.Decimal) string { return group(q.Plain()) }

// Percent is a rate in percent: "19%", "7.5%".
func Percent(rate money.Decimal) string { return group(rate.Plain()) + "%" }

// UnitPrice is a price of one unit: at least the currency's decimals, and all that it carries.
func UnitPrice(p money.Decimal, c money.Currency) string { return Grouped(p, c) }

// group puts a comma before every third digit of the whole part.
func group(s string) string {
	sign := ""
	if strings.HasPrefix(s, "-") {
		sign, s = "-", s[1:]
	}
	whole, fraction, found := strings.Cut(s, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i := range len(whole) {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(whole[i])
	}
	if found {
		b.WriteByte('.')
		b.WriteString(fraction)
	}
	return b.String()
}

// Day is a day with the month in letters, so that no reader takes it for another: "5 Apr 2026"; "" for no day.
func Day(d period.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format("2 Jan 2006")
}

// Span is a span of days, both inclusive, without what they share: "1-31 Mar 2026", "15 Mar - 14 Apr 2026". The dash
// is an en dash. One day stands alone, and an open end is a word.
func Span(from, to period.Date) string {
	switch {
	case from.IsZero() && to.IsZero():
		return ""
	case from.IsZero():
		return "until " + Day(to)
	case to.IsZero():
		return "from " + Day(from)
	case from == to:
		return Day(from)
	case from.Month() == to.Month():
		return from.Time().Format("2") + "–" + Day(to)
	case from.Year() == to.Year():
		return from.Time().Format("2 Jan") + " – " + Day(to)
	default:
		return Day(from) + " – " + Day(to)
	}
}

// Month is a month in words: "March 2026"; "" for no month.
func Month(m period.Month) string {
	if m.IsZero() {
		return ""
	}
	return m.First().Time().Format("January 2006")
}
