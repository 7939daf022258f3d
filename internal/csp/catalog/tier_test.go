package catalog_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"pgregory.net/rapid"
)

// tiersOf reads the steps back from a sheet, the only way to them.
func tiersOf(tb rapid.TB, rows ...catalog.PriceRow) catalog.Tiers {
	tb.Helper()
	tiers, ok := catalog.NewSheet(rows).Metered(meter, period.MustDate("2026-03-15"))
	if !ok {
		tb.Fatal("no price")
	}
	return tiers
}

// g02 are the steps of golden case G02, as Microsoft writes them: whole numbers with a gap between the steps.
func g02() []catalog.PriceRow {
	return []catalog.PriceRow{
		row("1.00", "", "", tier("1", "100")), row("0.80", "", "", tier("101", "100000")), row("0.50", "", "", tier("100001", "")),
	}
}

// free is G03: 5 GB are free, then 0.087.
func free() []catalog.PriceRow {
	return []catalog.PriceRow{row("0", "", "", tier("0", "5")), row("0.087", "", "", tier("5", ""))}
}

func TestGraduatedAmounts(t *testing.T) {
	t.Parallel()
	closed := []catalog.PriceRow{row("1", "", "", tier("0", "10")), row("2", "", "", tier("10", "20"))}
	for _, c := range []struct {
		name           string
		rows           []catalog.PriceRow
		units, want    string
		reached, steps string
	}{
		{"G02: nothing", g02(), "0", "0.00", "1.00", ""},
		{"G02: the first unit", g02(), "1", "1.00", "1.00", "1x1.00"},
		{"G02: the whole first tier", g02(), "100", "100.00", "1.00", "100x1.00"},
		{"G02: a fraction beyond it lies in the gap between the whole numbers", g02(), "100.5", "100.40", "0.80", "100x1.00 0.5x0.80"},
		{"G02: 101 units, as Microsoft prints", g02(), "101", "100.80", "0.80", "100x1.00 1x0.80"},
		{"G02: one unit into the third tier", g02(), "100001", "80020.50", "0.50", "100x1.00 99900x0.80 1x0.50"},
		{"G03: the free part alone", free(), "5", "0", "0", "5x0"},
		{"G03: 7.25 GB, unrounded", free(), "7.25", "0.19575", "0.087", "5x0 2.25x0.087"},
		{"no tiers", []catalog.PriceRow{row("0.5", "", "")}, "3", "1.5", "0.5", "3x0.5"},
		{"units above the last closed tier cost its price", closed, "25", "40", "2", "10x1 15x2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			tiers := tiersOf(t, c.rows...)
			if got := tiers.Graduated(d(c.units)); !got.Equal(d(c.want)) {
				t.Errorf("%s units: %s, want %s", c.units, got, c.want)
			}
			if got := tiers.Reached(d(c.units)).Price.String(); got != c.reached {
				t.Errorf("reached %s, want %s", got, c.reached)
			}
			words := ""
			for i, s := range tiers.Between(money.Zero, d(c.units)) {
				if i > 0 {
					words += " "
				}
				words += s.Quantity.String() + "x" + s.Price.String()
			}
			if words != c.steps {
				t.Errorf("steps %q, want %q", words, c.steps)
			}
		})
	}
}

func TestAStepNamesItsRow(t *testing.T) {
	t.Parallel()
	steps := tiersOf(t, g02()...).Between(d("99"), d("102"))
	if len(steps) != 2 || steps[0].RowID != "1.00" || steps[1].RowID != "0.80" || steps[0].Amount.String() != "1.00" || steps[1].Amount.String() != "1.60" {
		t.Errorf("steps %+v", steps)
	}
	if got := catalog.Tiers(nil).Reached(d("1")); !got.Price.IsZero() {
		t.Errorf("no tiers reach %s", got.Price)
	}
}

// However a quantity is cut into days, the days' amounts sum to the graduated amount of the whole.
func TestDaysSumToTheMonth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		tiers := tiersOf(t, [][]catalog.PriceRow{g02(), free()}[rapid.IntRange(0, 1).Draw(t, "sheet")]...)
		days := rapid.SliceOfN(rapid.Int64Range(0, 60_000_000), 1, 31).Draw(t, "millionths by day")
		var total, sum money.Decimal
		for _, n := range days {
			next := total.Add(money.New(n, -6))
			for _, s := range tiers.Between(total, next) {
				if s.Quantity.Sign() <= 0 {
					t.Fatalf("step of %s units", s.Quantity)
				}
				sum = sum.Add(s.Amount)
			}
			total = next
		}
		if want := tiers.Graduated(total); !sum.Equal(want) {
			t.Fatalf("days sum to %s, the month is %s", sum, want)
		}
	})
}
