package synth

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// TestBulkArithmeticIsExact holds whole-number arithmetic against decimals on random rows.
func TestBulkArithmeticIsExact(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		price := rapid.Uint64Range(0, 400_000_000).Draw(t, "price")
		quantity := rapid.Uint64Range(0, 40_000_000).Draw(t, "quantity")
		before := rapid.Uint64Range(0, 2_000_000_000).Draw(t, "before")
		rate := rapid.Uint64Range(1, 12_000_000_000).Draw(t, "rate")
		keep := rapid.SampledFrom([]uint64{85, 100}).Draw(t, "keep")
		tiers := []bulkTier{{5_000_000, 0}, {1_024_000_000, price}, {0, price * 95 / 100}}
		list, reached, single, ok := bulkGraduated(tiers, before, quantity)
		net, fits := product(list, keep)
		billed, converts := convert(net, rate)
		if !ok || !fits || !converts {
			t.Skip("too large for a row")
		}
		exact := []tier{
			{upTo: d("5"), price: d("0")}, {upTo: d("1024"), price: millionths(price)}, {open: true, price: millionths(price * 95 / 100)},
		}
		wantList, wantReached := graduated(exact, millionths(before), millionths(quantity))
		wantNet := wantList
		if keep == 85 {
			wantNet = less(wantList, pecPercent)
		}
		wantBilled := wantNet.MulExact(wide{low: rate}.decimal(rateScale)).Round(money.HalfEven, billingScale)
		equal(t, "list", wide{low: list}.decimal(listScale), wantList)
		equal(t, "reached", millionths(reached), wantReached)
		equal(t, "net", wide{low: net}.decimal(netScale), wantNet)
		equal(t, "billed", wide{low: billed}.decimal(billingScale), wantBilled)
		if nominal := millionths(reached).MulExact(millionths(quantity)); single && quantity > 0 && !nominal.Equal(wantList) {
			t.Errorf("one tier, but %s x %s is not %s", millionths(reached), millionths(quantity), wantList)
		}
	})
}

func equal(t *rapid.T, what string, got, want money.Decimal) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: %s in bulk, %s exact", what, got, want)
	}
}

func TestScaledNumbersAreWrittenAsDecimals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n     uint64
		scale int
		want  string
	}{
		{0, 6, "0"},
		{1, 6, "0.000001"},
		{24_000_000, 6, "24"},
		{1_500_000, 6, "1.5"},
		{120, 0, "120"},
		{7, 15, "0.000000000000007"},
		{18_446_744_073_709_551_615, 15, "18446.744073709551615"},
	} {
		if got := string(appendScaled(nil, c.n, c.scale)); got != c.want {
			t.Errorf("%d with %d decimals: %s, want %s", c.n, c.scale, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n, scale := rapid.Uint64().Draw(t, "n"), rapid.IntRange(0, 18).Draw(t, "scale")
		got, err := money.Parse(string(appendScaled(nil, n, scale)))
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "text", got, wide{low: n}.decimal(int32(scale)))
	})
}

func TestWideSumsCarry(t *testing.T) {
	t.Parallel()
	var w wide
	for range 3 {
		w.add(1 << 63)
	}
	same(t, "three times 2^63", w.decimal(15), "27670.116110564327424")
}

func TestConversionRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	if _, ok := convert(1<<63, 842_386_466); ok {
		t.Error("92,233 dollars of a row fit, want a refusal")
	}
	if got, ok := convert(300_000_000_000_000, 500_000_000); !ok || got != 1_500_000_000_000_000 {
		t.Errorf("3 dollars at 0.5: %d, %v", got, ok)
	}
	// 5 in the first decimal that goes: to the even neighbour.
	if got, _ := convert(1, 50_000_000); got != 0 {
		t.Errorf("half of the last decimal: %d, want 0", got)
	}
	if got, _ := convert(3, 50_000_000); got != 2 {
		t.Errorf("one and a half of it: %d, want 2", got)
	}
}
