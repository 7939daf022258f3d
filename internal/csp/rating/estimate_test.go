package rating_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
	"pgregory.net/rapid"
)

func TestAnEstimateIsTheLinesThatMicrosoftWouldWrite(t *testing.T) {
	t.Parallel()
	unbilled := func(g *usage.Group) { g.InvoiceNumber = "" }
	for _, c := range []struct {
		name   string
		groups []usage.Group
		want   []string // month, sku, credit, quantity, effective and list price, subtotal, currency
	}{
		{
			"G04: days with and without credit",
			[]usage.Group{used("006G", "2026-03-01", "2026-03-31", "648", "0.5", withPEC, unbilled), used("006G", "2026-03-04", "2026-03-07", "96", "0.5", unbilled)},
			[]string{"2026-03 006G 0 96 0.5 0.5 48.00 USD", "2026-03 006G 15 648 0.425 0.5 275.40 USD"},
		},
		{
			"truncated before and after conversion",
			[]usage.Group{used("006G", "2026-03-01", "2026-03-31", "648.011", "0.5", withPEC, inEuros)},
			[]string{"2026-03 006G 15 648.011 0.424992785616294 0.5 233.04 EUR"},
		},
		{
			"a cost that is cut to nothing prints the nominal price (D05)",
			[]usage.Group{used("006G", "2026-03-01", "2026-03-31", "0.004", "0.5", withPEC)},
			[]string{"2026-03 006G 15 0.004 0.425 0.5 0.00 USD"},
		},
		{
			"late usage has a line of its own (D06)",
			[]usage.Group{used("006G", "2026-02-28", "2026-02-28", "2", "0.5"), used("006G", "2026-03-01", "2026-03-31", "3", "0.5")},
			[]string{"2026-02 006G 0 2 0.5 0.5 1.00 USD", "2026-03 006G 0 3 0.5 0.5 1.50 USD"},
		},
		{
			"tiers: the price of the tier reached, in any order",
			[]usage.Group{used("006T", "2026-03-02", "2026-03-02", "1", "0.8"), used("006T", "2026-03-01", "2026-03-01", "100", "1")},
			[]string{"2026-03 006T 0 101 0.998019801980198 0.80 100.80 USD"},
		},
		{"free usage has no line", []usage.Group{used("006G", "2026-03-01", "2026-03-31", "9", "0.5", covered)}, nil},
		{"a correction is truncated toward zero", []usage.Group{used("006G", "2026-03-01", "2026-03-31", "-0.079", "0.5")}, []string{"2026-03 006G 0 -0.079 0.379746835443038 0.5 -0.03 USD"}},
		{"no exchange rate means none is due", []usage.Group{used("006G", "2026-03-01", "2026-03-31", "3", "0.5", func(g *usage.Group) { g.FXRate = money.Zero })}, []string{"2026-03 006G 0 3 0.5 0.5 1.50 USD"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, l := range rating.Estimate(rating.List(c.groups, demoSheet())) {
				got = append(got, fmt.Sprint(l.ChargeStart.Month(), " ", l.SkuID, " ", rating.StatedPEC(l).Plain(), " ", l.BillableQuantity.Plain(), " ",
					l.EffectiveUnitPrice.Plain(), " ", l.UnitPrice, " ", l.Subtotal.Fixed(2), " ", l.Currency))
			}
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestAnEstimateSaysWhatItIsAndIsMeteredAsUsual(t *testing.T) {
	t.Parallel()
	lines := rating.Estimate(rating.List([]usage.Group{used("006G", "2026-03-01", "2026-03-31", "3", "0.5")}, demoSheet()))
	if len(lines) != 1 || lines[0].DataSet != "estimate" || !rating.Metered(lines[0]) || lines[0].CustomerID != tenant || !lines[0].Total.Equal(lines[0].Subtotal) {
		t.Fatalf("%+v", lines)
	}
}

// For any usage an estimate follows Microsoft's arithmetic: every line is reproduced from its own numbers, and the
// rows' money lies less than one truncation above it (billing reference B1, correction 3).
func TestEstimatesFollowMicrosoftsArithmetic(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var groups []usage.Group
		for n := range rapid.IntRange(1, 12).Draw(t, "groups") {
			date := march.First().AddDays(rapid.IntRange(-3, 30).Draw(t, "day")).String()
			sku := rapid.SampledFrom([]string{"006G", "006T", "006F", "006C", "00ZZ"}).Draw(t, "sku")
			quantity := money.New(rapid.Int64Range(0, 9_000_000_000).Draw(t, "millionths"), -6)
			g := used(sku, date, date, quantity.String(), "0.122", numbered(int64(n)))
			if rapid.Bool().Draw(t, "credit") {
				g.PEC = d("15")
			}
			groups = append(groups, g)
		}
		listed := rating.List(groups, demoSheet())
		rate := money.New(rapid.Int64Range(1_000_000, 9_000_000_000).Draw(t, "rate"), -9)
		for i := range listed {
			g := &listed[i]
			g.Currency, g.FXRate = "EUR", rate
			g.Billed = g.Amount.Mul(d("1").Sub(g.PEC.Mul(d("0.01")))).Mul(rate)
		}
		lines := rating.Estimate(listed)
		bound := d("0.01").Mul(rate).Add(d("0.01"))
		for _, b := range rating.Join(lines, listed, nil) {
			off := b.UsageBilled()
			for i, l := range b.Lines {
				if u := rating.Recompute(l); u.Mode != rating.ModeUsage {
					t.Fatalf("%s units at %s: %s is not reproduced, nearest %s", l.BillableQuantity, l.EffectiveUnitPrice, l.Subtotal, u.Expected)
				}
				if r := rating.Rate(l, b.Share[i], demoSheet()); !r.PriceAgrees() || !r.Gap.IsZero() {
					t.Fatalf("unit price %s, the sheet allows %v; gap %s", l.UnitPrice, r.ListPrice, r.Gap)
				}
				off = off.Sub(l.Subtotal)
			}
			if most := bound.Mul(money.FromInt(int64(len(b.Lines)))); off.Add(d("0.000000001")).Sign() < 0 || off.Cmp(most) >= 0 {
				t.Fatalf("usage lies %s above its lines, the bound is %s", off, most)
			}
		}
	})
}
