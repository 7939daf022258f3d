package bench

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/synth"
)

// generate makes the month's files.
func generate(ctx context.Context, cfg Config, dir string) (synth.BulkResult, error) {
	m, err := synth.Bulk(ctx, synth.BulkConfig{
		Rows: cfg.Rows, Seed: cfg.Seed, Period: Period, Dir: filepath.Join(dir, Period.String()),
		Progress: func(done, total int64) { cfg.Progress("generate", done, total, "rows") },
	})
	if err != nil {
		return m, fmt.Errorf("generate a month: %w", err)
	}
	return m, nil
}

// agree holds the product's totals against what the generator's own arithmetic makes of the month.
func agree(m synth.BulkResult, totals []app.Total) error {
	for _, t := range totals {
		if t.Currency != m.Currency {
			return fmt.Errorf("the product found charges in %s, and there are none", t.Currency)
		}
		if !t.Cost.Equal(m.Cost) || !t.Sell.Equal(m.Sell) || !t.Retail.Equal(m.Retail.Round(money.HalfUp, m.Currency.MinorUnits())) {
			return fmt.Errorf("the product found cost %s, retail %s, sell %s; the month has %s, %s, %s",
				t.Cost, t.Retail, t.Sell, m.Cost, m.Retail, m.Sell)
		}
	}
	if len(totals) != 1 {
		return fmt.Errorf("the product found charges in %d currencies, want one", len(totals))
	}
	return nil
}
