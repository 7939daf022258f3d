// Package bench measures billing a month against what DuckDB alone needs to copy the same file, in one run on one
// machine. It owns the order of the steps and the report; it bills through the application as everyone does. Invariant:
// generating the files and copying them run in other processes than the product, so that its memory is its own.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Config says what to measure. Program is this program, which is started again for the two measured processes.
type Config struct {
	Rows     int64
	Seed     uint64
	Keep     string // folder in which the files stay; empty: a temporary one that is removed
	Program  string
	Progress func(stage string, done, total int64, unit string)
}

// Seconds is how long each step took, in decimal seconds.
type Seconds struct {
	Copy      json.Number `json:"copy"`
	Import    json.Number `json:"import"`
	Rate      json.Number `json:"rate"`
	Reconcile json.Number `json:"reconcile"`
	Rerate    json.Number `json:"rerate"`
	Explain   json.Number `json:"explain"`
	Query     json.Number `json:"query"`
	QueryBare json.Number `json:"query_bare"`
}

// Report is what the benchmark prints. Ratios stand beside the limits that the design states.
type Report struct {
	Rows          int64                  `json:"rows"`
	Bytes         int64                  `json:"bytes"` // of the usage file
	Seconds       Seconds                `json:"seconds"`
	Ratios        map[string]json.Number `json:"ratios"`
	Limits        map[string]json.Number `json:"limits"`
	RowsPerSecond map[string]int64       `json:"rows_per_second"`
	PeakRSSBytes  int64                  `json:"peak_rss_bytes"`
	Invoices      int                    `json:"invoices"`
	Findings      int                    `json:"findings"`
	Totals        []app.Total            `json:"totals"`
	Files         []string               `json:"files,omitempty"` // with --keep
}

// The limits of the design, for a person to compare with.
var limits = map[string]json.Number{"import_and_rate": "1.5", "query": "1.5", "explain_seconds": "0.2", "rerate_rows_per_second": "2000000", "peak_rss_bytes": "2147483648"}

// Period is the month that is generated and billed.
var Period = period.MustMonth("2026-03")

// decimals writes nanoseconds or a quotient without a float.
func quotient(a, b int64, scale int32) json.Number {
	q, err := money.FromInt(a).QuoRound(money.FromInt(b), money.HalfUp, scale)
	if err != nil {
		return "0"
	}
	return json.Number(q.Fixed(scale))
}

func seconds(ns int64) json.Number { return quotient(ns, 1_000_000_000, 3) }

// Run generates a month, then measures.
func Run(ctx context.Context, cfg Config) (Report, error) {
	dir := cfg.Keep
	if dir == "" {
		tmp, err := os.MkdirTemp("", "chandler-bench-*")
		if err != nil {
			return Report{}, fmt.Errorf("make a folder for the benchmark: %w", err)
		}
		defer os.RemoveAll(tmp) //nolint:errcheck // what is left lies in the system's temporary folder
		dir = tmp
	}
	m, err := generate(ctx, cfg, dir)
	if err != nil {
		return Report{}, err
	}
	var copied CopyResult
	if err := step(ctx, cfg.Program, &copied, "copy", m.Usage, filepath.Join(dir, "bare")); err != nil {
		return Report{}, err
	}
	data, err := os.MkdirTemp(dir, "data-*")
	if err != nil {
		return Report{}, fmt.Errorf("make a data folder: %w", err)
	}
	defer os.RemoveAll(data) //nolint:errcheck // below a folder that is removed, or the user's own
	var p ProductResult
	if err := step(ctx, cfg.Program, &p, append([]string{"product", data}, m.Files...)...); err != nil {
		return Report{}, err
	}
	if err := agree(m, p.Totals); err != nil {
		return Report{}, err
	}
	info, err := os.Stat(m.Usage)
	if err != nil {
		return Report{}, fmt.Errorf("measure the usage file: %w", err)
	}
	r := report(cfg.Rows, info.Size(), copied, p)
	if cfg.Keep != "" {
		r.Files = m.Files
	}
	return r, nil
}

func report(rows, bytes int64, c CopyResult, p ProductResult) Report {
	return Report{
		Rows: rows, Bytes: bytes, Limits: limits, PeakRSSBytes: p.PeakRSS, Invoices: p.Invoices, Findings: p.Findings, Totals: p.Totals,
		Seconds: Seconds{
			Copy: seconds(c.Nanos), Import: seconds(p.Import), Rate: seconds(p.Rate), Reconcile: seconds(p.Reconcile), Rerate: seconds(p.Rerate),
			Explain: seconds(p.Explain), Query: seconds(p.Query), QueryBare: seconds(p.QueryBare),
		},
		Ratios: map[string]json.Number{
			"import_and_rate": quotient(p.Import+p.Rate, max(1, c.Nanos), 3), "query": quotient(p.Query, max(1, p.QueryBare), 3),
		},
		RowsPerSecond: map[string]int64{"rerate": rows * 1_000_000_000 / max(1, p.Rerate)},
	}
}

// step runs one measured process and reads its result.
func step(ctx context.Context, program string, result any, args ...string) error {
	cmd := exec.CommandContext(ctx, program, append([]string{"bench", "step"}, args...)...) //nolint:gosec // this program itself
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("step %s: %w", args[0], err)
	}
	if err := json.Unmarshal(out, result); err != nil {
		return fmt.Errorf("step %s: %w", args[0], err)
	}
	return nil
}

// threads is what both sides use.
func threads() int { return runtime.NumCPU() }
