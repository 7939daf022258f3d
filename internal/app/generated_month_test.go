package app_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/synth"
)

// TestGeneratedMonths holds the product against the generator's own arithmetic, which shares nothing with it: every
// total, seat and rounding residue of months that differ in size, currencies and what happens in them.
func TestGeneratedMonths(t *testing.T) {
	t.Parallel()
	configs := map[string]synth.Config{"the demonstration's": synth.Demo()}
	for seed := range uint64(10) {
		configs[fmt.Sprintf("seed %d", seed)] = synth.Random(seed)
	}
	for name, cfg := range configs {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := synth.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			files, err := m.Write(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			for i, set := range synth.RuleSetNames {
				paths := files.CSV()
				if (uint64(i)+cfg.Seed)%2 == 1 { // both spellings of usage, in turn
					paths = files.JSONL()
				}
				checkGenerated(t, m, set, paths)
			}
		})
	}
}

func checkGenerated(t *testing.T, m *synth.Month, set string, paths []string) {
	t.Helper()
	a := openApp(t, t.TempDir())
	rules, err := pricing.Decode(bytes.NewReader(m.Rules[set]))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.AddRules(t.Context(), rules); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Import(t.Context(), paths); err != nil {
		t.Fatal(err)
	}
	run, err := a.BillRun(t.Context(), m.Period)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range run.Result.Findings {
		t.Errorf("rules %s: finding %s %s: %s %+v", set, f.Level, f.Class, f.Message, f.Evidence)
	}
	checkGeneratedTotals(t, m, set, run)
	checkGeneratedSeats(t, m, run)
	checkGeneratedRounding(t, m, run)
}

func checkGeneratedTotals(t *testing.T, m *synth.Month, set string, run app.Run) {
	t.Helper()
	for _, want := range m.Expected.Totals {
		for _, got := range run.Totals {
			if got.Currency == want.Currency {
				sameAmount(t, "rules "+set+" cost", got.Cost, want.Cost)
				sameAmount(t, "rules "+set+" sell", got.Sell, want.Sell[set])
			}
		}
	}
	if len(run.Totals) != len(m.Expected.Totals) {
		t.Errorf("totals in %d currencies, want %d", len(run.Totals), len(m.Expected.Totals))
	}
	got := map[string]money.Decimal{}
	for _, c := range run.Result.Customers {
		got[c.TenantID+string(c.Currency)] = c.Sell
		got["cost"+c.TenantID+string(c.Currency)] = c.Cost
	}
	for _, want := range m.Expected.Customers {
		sameAmount(t, "rules "+set+" sell of "+want.Name, got[want.TenantID+string(want.Currency)], want.Sell[set])
		sameAmount(t, "rules "+set+" cost of "+want.Name, got["cost"+want.TenantID+string(want.Currency)], want.Cost)
	}
	for _, want := range m.Expected.Invoices {
		found := false
		for _, i := range run.Result.Invoices {
			if i.Invoice == want.Number {
				found = true
				sameAmount(t, want.Number+" accounted", i.Accounted, want.Total)
				sameAmount(t, want.Number+" difference", i.Difference, money.Zero)
			}
		}
		if !found {
			t.Errorf("invoice %s is missing in the proof", want.Number)
		}
	}
}

func checkGeneratedSeats(t *testing.T, m *synth.Month, run app.Run) {
	t.Helper()
	got := map[string]int64{}
	for _, s := range run.Result.Seats {
		got[s.SubscriptionID+s.ProductID+s.SkuID] = s.Seats
	}
	if len(got) != len(m.Expected.Seats) {
		t.Errorf("seats of %d licences, want %d", len(got), len(m.Expected.Seats))
	}
	for _, want := range m.Expected.Seats {
		if n := got[want.SubscriptionID+want.ProductID+want.SkuID]; n != want.Seats {
			t.Errorf("%s %s: %d seats, want %d", want.SubscriptionID, want.ProductID, n, want.Seats)
		}
	}
}

func checkGeneratedRounding(t *testing.T, m *synth.Month, run app.Run) {
	t.Helper()
	got := map[string]money.Decimal{}
	for _, b := range run.Result.Rounding {
		got[fmt.Sprint(b.Invoice, b.SubscriptionID, b.ProductID, b.SkuID, b.AvailabilityID, b.PEC)] = b.Variance
	}
	if len(got) != len(m.Expected.Rounding) {
		t.Errorf("%d rounding buckets, want %d", len(got), len(m.Expected.Rounding))
	}
	for _, want := range m.Expected.Rounding {
		k := fmt.Sprint(want.Invoice, want.SubscriptionID, want.ProductID, want.SkuID, want.AvailabilityID, want.PEC)
		sameAmount(t, "rounding "+k, got[k], want.Variance)
	}
}
