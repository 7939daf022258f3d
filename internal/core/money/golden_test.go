package money_test

import (
	"fmt"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// G11: ties. The binary floating-point numbers of 1.005 and 2.675 lie below the tie, so these need exact decimals; a
// negative number that rounds to nothing prints without its sign.
func TestGoldenG11Ties(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ x, halfUp, halfEven, down, floor string }{
		{"0.125", "0.13", "0.12", "0.12", "0.12"},
		{"0.135", "0.14", "0.14", "0.13", "0.13"},
		{"2.665", "2.67", "2.66", "2.66", "2.66"},
		{"2.675", "2.68", "2.68", "2.67", "2.67"},
		{"1.005", "1.01", "1.00", "1.00", "1.00"},
		{"0.005", "0.01", "0.00", "0.00", "0.00"},
		{"-0.005", "-0.01", "0.00", "0.00", "-0.01"},
		{"-0.125", "-0.13", "-0.12", "-0.12", "-0.13"},
		{"-112.258", "-112.26", "-112.26", "-112.25", "-112.26"},
	} {
		for mode, want := range map[money.Mode]string{money.HalfUp: c.halfUp, money.HalfEven: c.halfEven, money.Down: c.down, money.Floor: c.floor} {
			if got := money.MustParse(c.x).Round(mode, 2).Fixed(2); got != want {
				t.Errorf("%s %s: %s, want %s", c.x, mode, got, want)
			}
		}
	}
}

// G14: amounts in currencies of two, none and three decimals.
func TestGoldenG14Currencies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		amount, rate string
		to           money.Currency
		mode         money.Mode
		want         string
	}{
		{"347.08", "0.9421", "CHF", money.HalfUp, "326.98"},
		{"100.00", "163.505", "JPY", money.HalfUp, "16351"},
		{"100.00", "163.505", "JPY", money.HalfEven, "16350"},
		{"347.08", "0.33217", "KWD", money.HalfUp, "115.290"},
	} {
		got := money.MustParse(c.amount).MulExact(money.MustParse(c.rate)).Round(c.mode, c.to.MinorUnits()).Fixed(c.to.MinorUnits())
		if got != c.want {
			t.Errorf("%s at %s: %s %s, want %s", c.amount, c.rate, got, c.to, c.want)
		}
	}
}

// G19: largest remainder, ties to the lowest index.
func TestGoldenG19Allocation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		total   string
		weights []int64
		want    string
	}{
		{"100.00", []int64{1, 1, 1}, "[33.34 33.33 33.33]"},
		{"-100.00", []int64{1, 1, 1}, "[-33.34 -33.33 -33.33]"},
		{"0.05", []int64{3, 3, 1}, "[0.02 0.02 0.01]"},
		{"347.08", []int64{648, 96}, "[302.30 44.78]"},
		{"1.00", []int64{0, 0}, "[1.00 0.00]"},
	} {
		var weights []money.Decimal
		for _, w := range c.weights {
			weights = append(weights, money.FromInt(w))
		}
		var got []string
		for _, part := range money.Allocate(money.MustParse(c.total), weights, 2) {
			got = append(got, part.Fixed(2))
		}
		if fmt.Sprint(got) != c.want {
			t.Errorf("%s by %v: %s, want %s", c.total, c.weights, got, c.want)
		}
	}
}
