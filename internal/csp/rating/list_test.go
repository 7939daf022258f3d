package rating_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
	"pgregory.net/rapid"
)

func TestListAmounts(t *testing.T) {
	t.Parallel()
	another := func(g *usage.Group) { g.SubscriptionID = "another plan" }
	for _, c := range []struct {
		name    string
		groups  []usage.Group
		amounts []string
		reached []string
	}{
		{
			"one price",
			[]usage.Group{used("006G", "2026-03-01", "2026-03-31", "648", "0.5", withPEC), used("006G", "2026-03-04", "2026-03-07", "96", "0.5")},
			[]string{"324", "48"},
			[]string{"0.5", "0.5"},
		},
		{
			"G03: the first five units are free",
			[]usage.Group{used("006F", "2026-03-01", "2026-03-01", "4", "0"), used("006F", "2026-03-02", "2026-03-02", "3.25", "0.087")},
			[]string{"0", "0.19575"},
			[]string{"0", "0.087"},
		},
		{
			"tiers accumulate over the days, whatever their order and credit",
			[]usage.Group{used("006T", "2026-03-20", "2026-03-20", "99901", "0.50"), used("006T", "2026-03-02", "2026-03-02", "1", "0.80", withPEC), used("006T", "2026-03-01", "2026-03-01", "100", "1")},
			[]string{"79920.20", "0.80", "100"},
			[]string{"0.50", "0.80", "1.00"},
		},
		{
			"a month begins anew",
			[]usage.Group{used("006T", "2026-02-27", "2026-02-27", "100", "1"), used("006T", "2026-03-01", "2026-03-01", "100", "1")},
			[]string{"100", "100"},
			[]string{"1.00", "1.00"},
		},
		{
			"each Azure plan has its own tiers",
			[]usage.Group{used("006T", "2026-03-01", "2026-03-01", "100", "1"), used("006T", "2026-03-02", "2026-03-02", "1", "1", another)},
			[]string{"100", "1"},
			[]string{"1.00", "1.00"},
		},
		{
			"free usage costs nothing and moves no tier",
			[]usage.Group{used("006T", "2026-03-01", "2026-03-01", "100", "1", covered), used("006T", "2026-03-02", "2026-03-02", "1", "1")},
			[]string{"0", "1"},
			[]string{"0", "1.00"},
		},
		{
			"a price that changes in the month",
			[]usage.Group{used("006C", "2026-03-12", "2026-03-12", "2", "0.52"), used("006C", "2026-03-13", "2026-03-13", "2", "0.4446")},
			[]string{"1.04", "0.8892"},
			[]string{"0.52", "0.4446"},
		},
		{
			"a correction gives back what the last units cost",
			[]usage.Group{used("006T", "2026-03-01", "2026-03-01", "101", "0.8"), used("006T", "2026-03-02", "2026-03-02", "-2", "0.8")},
			[]string{"100.80", "-1.80"},
			[]string{"0.80", "1.00"},
		},
		{
			"a product of no sheet has its own printed price",
			[]usage.Group{used("00ZZ", "2026-03-01", "2026-03-31", "10", "0.122")},
			[]string{"1.22"},
			[]string{"0.122"},
		},
		{"nothing used", []usage.Group{used("006T", "2026-03-01", "2026-03-01", "0", "1")}, []string{"0"}, []string{"1.00"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for i, l := range rating.List(c.groups, demoSheet()) {
				if !l.Amount.Equal(d(c.amounts[i])) || !l.Reached.Equal(d(c.reached[i])) {
					t.Errorf("%s of %s units: %s, reached %s; want %s, %s", l.SkuID, l.Quantity, l.Amount, l.Reached, c.amounts[i], c.reached[i])
				}
				if known := l.SkuID != "00ZZ"; l.InSheet != known || !known && len(l.Steps) > 0 {
					t.Errorf("%s: in a sheet %v with %d steps", l.SkuID, l.InSheet, len(l.Steps))
				}
			}
		})
	}
}

// The order in which groups come does not matter, and the days of a tiered meter sum to the amount of the whole.
func TestListDoesNotDependOnOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var groups []usage.Group
		var whole money.Decimal
		for day := 1; day <= rapid.IntRange(1, 10).Draw(t, "days"); day++ {
			date := march.First().AddDays(day - 1).String()
			quantity := money.New(rapid.Int64Range(0, 90_000_000).Draw(t, "millionths"), -6)
			g := used("006T", date, date, quantity.String(), "1", numbered(int64(day)))
			if rapid.Bool().Draw(t, "credit") {
				withPEC(&g)
			}
			groups, whole = append(groups, g), whole.Add(quantity)
		}
		amounts := map[int64]string{}
		var sum money.Decimal
		for _, l := range rating.List(groups, demoSheet()) {
			amounts[l.ID], sum = l.Amount.Plain(), sum.Add(l.Amount)
		}
		tiers, _ := demoSheet().Metered(catalog.ProductSKU{ProductID: "DZH318Z0BNZ5", SkuID: "006T"}, march.First())
		if want := tiers.Graduated(whole); !sum.Equal(want) {
			t.Fatalf("the days sum to %s, %s units cost %s", sum, whole, want)
		}
		for _, l := range rating.List(rapid.Permutation(groups).Draw(t, "order"), demoSheet()) {
			if l.Amount.Plain() != amounts[l.ID] {
				t.Fatalf("day %d: %s in another order, %s before", l.ID, l.Amount, amounts[l.ID])
			}
		}
	})
}
