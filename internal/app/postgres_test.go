package app_test

import (
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/store/pgtest"
	"github.com/chandler-csp/chandler/internal/synth"
)

// The records, and the lake's catalog beside them, in PostgreSQL: the same month gives the same totals, also when the
// folder is opened again.
func TestAMonthWithItsRecordsInPostgres(t *testing.T) {
	t.Parallel()
	m, err := synth.New(synth.Demo())
	if err != nil {
		t.Fatal(err)
	}
	files, err := m.Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	options := app.Options{Data: t.TempDir(), DSN: pgtest.New(t), Now: func() time.Time { return time.Date(2026, 4, 9, 10, 0, 0, 0, time.UTC) }}
	for range 2 {
		a, err := app.Open(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		checkMonth(t, a, m, files.CSV())
		if err := a.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func checkMonth(t *testing.T, a *app.App, m *synth.Month, paths []string) {
	t.Helper()
	if _, err := a.Import(t.Context(), paths); err != nil {
		t.Fatal(err)
	}
	run, err := a.BillRun(t.Context(), m.Period)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range m.Expected.Totals {
		for _, got := range run.Totals {
			if got.Currency == want.Currency {
				sameAmount(t, "cost", got.Cost, want.Cost)
			}
		}
	}
	if len(run.Totals) == 0 || len(run.Totals) != len(m.Expected.Totals) || run.Invoices == 0 {
		t.Errorf("%d invoices, totals in %d currencies, want %d", run.Invoices, len(run.Totals), len(m.Expected.Totals))
	}
	v, err := a.ReconVerify(t.Context(), m.Period)
	if err != nil || len(v.Faults) > 0 {
		t.Errorf("verify: %v %v", err, v.Faults)
	}
}
