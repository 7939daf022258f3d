package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/bench"
)

func (s *session) benchCommand() *cobra.Command {
	return noun("bench", "Measure Chandler on this machine", s.benchBill(), s.benchStep())
}

func (s *session) benchBill() *cobra.Command {
	var cfg bench.Config
	c := &cobra.Command{
		Use: "bill", Short: "Bill a synthetic month and hold the time against a bare copy of the same file", Args: noWords,
		Example: "  chandler bench bill --rows 10000000\n  chandler bench bill --rows 200000 --keep ./month --json",
		RunE: func(c *cobra.Command, _ []string) error {
			if cfg.Rows < 1000 {
				return wrongUsage("--rows %d: at least 1000, so that there is something to measure", cfg.Rows)
			}
			program, err := os.Executable()
			if err != nil {
				return fmt.Errorf("find this program: %w", err)
			}
			cfg.Program, cfg.Progress = program, s.progress.update
			r, err := bench.Run(c.Context(), cfg)
			s.progress.done()
			if err != nil {
				return err
			}
			return s.out.print(r, func(w io.Writer) { printBench(w, r) })
		},
	}
	c.Flags().Int64Var(&cfg.Rows, "rows", 1_000_000, "rows of daily-rated usage")
	c.Flags().Uint64Var(&cfg.Seed, "seed", 1, "seed of the generator: the same seed, the same files")
	c.Flags().StringVar(&cfg.Keep, "keep", "", "keep the generated files in this folder")
	return c
}

// benchStep is one measured process of the benchmark, started by it.
func (s *session) benchStep() *cobra.Command {
	c := &cobra.Command{Use: "step", Hidden: true, Args: cobra.MinimumNArgs(3), RunE: func(c *cobra.Command, args []string) error {
		result, err := s.measured(c.Context(), args)
		if err != nil {
			return err
		}
		return json.NewEncoder(s.env.Stdout).Encode(result)
	}}
	return c
}

func (s *session) measured(ctx context.Context, args []string) (any, error) {
	defer s.progress.done()
	switch args[0] {
	case "copy":
		return bench.Copy(ctx, args[1], args[2])
	case "product":
		return bench.Product(ctx, args[1], args[2:], s.progress.update)
	}
	return nil, wrongUsage("no step %q", args[0])
}

func printBench(w io.Writer, r bench.Report) {
	x := r.Seconds
	fmt.Fprintf(w, "%s rows of daily-rated usage, %s MiB\n\n", thousands(r.Rows), thousands(r.Bytes>>20))
	t := newTable("step", ">seconds", ">measured", ">limit")
	t.add("bare DuckDB copy to Parquet", x.Copy.String(), "", "")
	t.add("import", x.Import.String(), "", "")
	t.add("rate and invoice", x.Rate.String(), "", "")
	t.add("  import and rate / copy", "", r.Ratios["import_and_rate"].String(), r.Limits["import_and_rate"].String())
	t.add("reconcile", x.Reconcile.String(), "", "")
	t.add("rate again, rows a second", x.Rerate.String(), thousands(r.RowsPerSecond["rerate"]), r.Limits["rerate_rows_per_second"].String())
	t.add("explain one line", x.Explain.String(), x.Explain.String(), r.Limits["explain_seconds"].String())
	t.add("cost query", x.Query.String(), "", "")
	t.add("the same query bare", x.QueryBare.String(), "", "")
	t.add("  query / bare query", "", r.Ratios["query"].String(), r.Limits["query"].String())
	t.add("peak memory, MiB", "", thousands(r.PeakRSSBytes>>20), "2,048")
	t.write(w)
	fmt.Fprintf(w, "\n%d invoices, %d findings\n", r.Invoices, r.Findings)
	for _, f := range r.Files {
		fmt.Fprintln(w, "kept", f)
	}
}
