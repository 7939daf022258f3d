package synth

import (
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// monthRates are the rates of a month: billing currency for one US dollar, with 9 decimals, as lines print them (B6).
type monthRates map[money.Currency]money.Decimal

func newRates(r *random) monthRates {
	rates := monthRates{"USD": one}
	for _, c := range []money.Currency{"CHF", "DKK", "EUR", "GBP", "NOK", "SEK"} {
		// A last digit that is not 0, so that the printed rate has all 9 decimals.
		off := money.New(int64(r.between(-3_000_000, 3_000_000))*10+int64(r.between(1, 9)), -9)
		rates[c] = markets[c].rate.MulExact(one.Add(off)).Round(money.HalfUp, 9)
	}
	return rates
}

// rows are the rates as the file has them: US dollars for one unit, 16 decimals (A7).
func (m monthRates) rows() [][2]string {
	rows := make([][2]string, 0, len(m))
	for c, rate := range m {
		rows = append(rows, [2]string{string(c), quotientTo(one, rate, 16).Plain()})
	}
	slices.SortFunc(rows, func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
	return rows
}
