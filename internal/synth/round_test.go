package synth

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// TestPrintedPriceKeepsTheCost: whatever the quantity, the effective unit price that a line prints gives its cost back
// by Microsoft's own formula (B1, D05).
func TestPrintedPriceKeepsTheCost(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		cost := money.New(rapid.Int64Range(1, 100_000_000).Draw(t, "cents"), -2)
		quantity := money.New(rapid.Int64Range(1, 5_000_000_000_000_000).Draw(t, "millionths"), -6)
		eup := meteredEUP(cost, quantity)
		equal(t, "cost", rounddown(eup.MulExact(quantity)), cost)
		if eup.Scale() > printScale {
			t.Errorf("%s has more than 15 decimals", eup)
		}
	})
}

func TestPrintedPriceOfAVastQuantityIsRaised(t *testing.T) {
	t.Parallel()
	// 0.01 / 3,000,000 = 0.000000003333333(3): printed with 15 decimals, 3,000,000 of it are 0.009999999.
	same(t, "effective unit price", meteredEUP(d("0.01"), d("3000000")), "0.000000003333334")
}
