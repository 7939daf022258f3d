package figure_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/report/figure"
)

func TestGrouped(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, in string
		currency money.Currency
		want     string
	}{
		{"separates thousands", "1234567.5", "EUR", "1,234,567.50"},
		{"keeps three digits whole", "123", "EUR", "123.00"},
		{"puts the sign before the first digit", "-1234.5", "EUR", "-1,234.50"},
		{"puts no comma after the sign", "-123456", "USD", "-123,456.00"},
		{"has no minor unit in yen", "1234567", "JPY", "1,234,567"},
		{"has three in Kuwaiti dinars", "1234.5", "KWD", "1,234.500"},
		{"never prints minus zero", "-0.000", "EUR", "0.00"},
		{"drops no digit that the amount carries", "-0.00412", "EUR", "-0.00412"},
		{"shows a fraction of a yen", "0.5", "JPY", "0.5"},
		{"writes E notation out", "1e6", "EUR", "1,000,000.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := figure.Grouped(money.MustParse(c.in), c.currency); got != c.want {
				t.Errorf("Grouped(%s, %s) = %q, want %q", c.in, c.currency, got, c.want)
			}
		})
	}
}

func TestPlainFigures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, got, want string }{
		{"an amount has no separators", figure.Amount(money.MustParse("-1234.5"), "EUR"), "-1234.50"},
		{"a quantity has the decimals it needs", figure.Quantity(money.MustParse("1488.000125000")), "1,488.000125"},
		{"a whole quantity has none", figure.Quantity(money.MustParse("-3.000")), "-3"},
		{"a rate", figure.Percent(money.MustParse("7.50")), "7.5%"},
		{"a small unit price keeps its digits", figure.UnitPrice(money.MustParse("0.0000042"), "EUR"), "0.0000042"},
		{"a round unit price has the currency's", figure.UnitPrice(money.MustParse("12"), "EUR"), "12.00"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ from, to, want string }{
		{"2026-03-01", "2026-03-31", "1–31 Mar 2026"},
		{"2026-03-15", "2026-04-14", "15 Mar – 14 Apr 2026"},
		{"2025-12-15", "2026-01-14", "15 Dec 2025 – 14 Jan 2026"},
		{"2026-03-05", "2026-03-05", "5 Mar 2026"},
		{"2026-03-05", "", "from 5 Mar 2026"},
		{"", "2026-03-05", "until 5 Mar 2026"},
		{"", "", ""},
	} {
		if got := figure.Span(period.MustDate(c.from), period.MustDate(c.to)); got != c.want {
			t.Errorf("Span(%s, %s) = %q, want %q", c.from, c.to, got, c.want)
		}
	}
	if got := figure.Month(period.MustMonth("2026-03")); got != "March 2026" {
		t.Errorf("Month = %q", got)
	}
}
