package lake

import (
	"context"
	"fmt"
	"path/filepath"
	"time"
)

// Bare is DuckDB alone, with a lake's limits and nothing of a lake: what the product's speed is measured against.
type Bare struct{ engine *engine }

// OpenBare starts it. Spill is a folder for what does not fit into memory.
func OpenBare(spill, memory string, threads int) (*Bare, error) {
	e, err := openEngine(spill, memory, threads)
	return &Bare{e}, err
}

// Close ends it.
func (b *Bare) Close() error { return b.engine.close() }

// Copy copies a CSV file to Parquet, with all of DuckDB's defaults, and says how long that took.
func (b *Bare) Copy(ctx context.Context, from, to string) (time.Duration, error) {
	start := time.Now() //nolint:forbidigo // a measurement
	err := b.engine.exec(ctx, "COPY (SELECT * FROM read_csv("+quote(from)+")) TO "+quote(to)+" (FORMAT parquet)")
	if err != nil {
		return 0, fmt.Errorf("copy %s: %w", from, err)
	}
	return time.Since(start), nil //nolint:forbidigo // a measurement
}

// CostByTag asks the cost query over all Parquet files of a lake's usage, found by their names alone.
func (b *Bare) CostByTag(ctx context.Context, lakeDir, tag string) (int, error) {
	files := func(table string) string {
		return "read_parquet(" + quote(filepath.Join(lakeDir, table, "data", "*.parquet")) + ")"
	}
	return countRows(ctx, b.engine.db, costByTag(files(TableUsage), files(tableGroup), tag))
}
