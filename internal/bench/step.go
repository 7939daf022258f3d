package bench

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/lake"
)

// CopyResult is the bare copy's time.
type CopyResult struct {
	Nanos int64 `json:"nanos"`
}

// Copy copies the usage file to Parquet with DuckDB alone, under the product's limits.
func Copy(ctx context.Context, usage, dir string) (r CopyResult, err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return r, fmt.Errorf("copy: %w", err)
	}
	b, err := lake.OpenBare(dir, lake.DefaultMemoryLimit, threads())
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, b.Close(), os.RemoveAll(dir)) }()
	took, err := b.Copy(ctx, usage, filepath.Join(dir, "usage.parquet"))
	return CopyResult{took.Nanoseconds()}, err
}

// ProductResult is what the product's process measured, in nanoseconds.
type ProductResult struct {
	Import, Rate, Reconcile, Rerate, Explain, Query, QueryBare int64
	PeakRSS                                                    int64
	Invoices, Findings                                         int
	Totals                                                     []app.Total
}

// costTag is the tag that the cost query groups by.
const costTag = "env"

// Product bills the month in a new data folder and measures every step.
func Product(ctx context.Context, data string, files []string, progress func(string, int64, int64, string)) (r ProductResult, err error) {
	a, err := app.Open(ctx, app.Options{Data: data, Now: time.Now, Progress: progress})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	clock := func(to *int64, do func() error) {
		if err != nil {
			return
		}
		start := time.Now()
		err = do()
		*to = time.Since(start).Nanoseconds()
	}
	clock(&r.Import, func() error { _, err := a.Import(ctx, files); return err })
	var whole int64
	clock(&whole, func() error { return r.bill(ctx, a) })
	r.Rate = whole - r.Reconcile
	clock(&r.Rerate, func() error { return r.rerate(ctx, a) })
	if err == nil {
		err = r.explain(ctx, a)
	}
	r.PeakRSS = peakRSS() // before the bare engine starts, which is not the product's
	if err == nil {
		err = r.query(ctx, a, data)
	}
	return r, err
}

func (r *ProductResult) bill(ctx context.Context, a *app.App) error {
	run, err := a.BillRun(ctx, Period)
	r.Reconcile, r.Invoices, r.Findings, r.Totals = run.Took.Reconcile.Nanoseconds(), run.Invoices, run.Findings, run.Totals
	return err
}

// rerate rates the month again and holds its totals against the run's.
func (r *ProductResult) rerate(ctx context.Context, a *app.App) error {
	again, err := a.Rerate(ctx, Period)
	if err == nil && fmt.Sprint(again) != fmt.Sprint(r.Totals) {
		err = fmt.Errorf("rated again, the month gives %v and not %v", again, r.Totals)
	}
	return err
}

// explain times one line of the largest invoice.
func (r *ProductResult) explain(ctx context.Context, a *app.App) error {
	rows, err := a.Invoices(ctx, app.InvoiceFilter{Period: Period})
	if err != nil || len(rows) == 0 {
		return cmp.Or(err, errors.New("the month has no invoice to explain"))
	}
	largest := slices.MaxFunc(rows, func(x, y app.InvoiceRow) int { return x.Net.Cmp(y.Net) })
	inv, err := a.Invoice(ctx, largest.ID)
	if err != nil {
		return err
	}
	line := slices.MaxFunc(inv.Lines, func(x, y billing.Line) int { return x.Net.Cmp(y.Net) })
	start := time.Now()
	_, err = a.Explain(ctx, inv.ID, line.N)
	r.Explain = time.Since(start).Nanoseconds()
	return err
}

// queries is how often each of the two queries runs, in turn; the medians count.
const queries = 5

func (r *ProductResult) query(ctx context.Context, a *app.App, data string) (err error) {
	bare, err := lake.OpenBare(filepath.Join(data, "bare"), lake.DefaultMemoryLimit, threads())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, bare.Close()) }()
	var ours, theirs []int64
	for range queries {
		start := time.Now()
		n, err := a.CostByTag(ctx, costTag)
		if err != nil {
			return err
		}
		ours = append(ours, time.Since(start).Nanoseconds())
		start = time.Now()
		m, err := bare.CostByTag(ctx, filepath.Join(data, "lake"), costTag)
		if err != nil {
			return err
		}
		theirs = append(theirs, time.Since(start).Nanoseconds())
		if n != m {
			return fmt.Errorf("the cost query gives %d rows, the bare one %d", n, m)
		}
	}
	r.Query, r.QueryBare = median(ours), median(theirs)
	return nil
}

func median(list []int64) int64 {
	slices.Sort(list)
	return list[len(list)/2]
}

// peakRSS is the largest resident set that this process had, in bytes; 0 where the system does not say.
func peakRSS() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, err := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			if err == nil {
				return kb << 10
			}
		}
	}
	return 0
}
