package cli

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
)

func (s *session) exportCommand() *cobra.Command {
	var month, customer, out string
	focus := s.verb("focus", "Export a month's charges in FOCUS 1.2, the partner as invoice issuer", "  chandler export focus --period 2026-03 --out charges.csv", cobra.NoArgs,
		func(ctx context.Context, a *app.App, _ []string) error {
			p, err := monthOf(month)
			if err != nil {
				return err
			}
			var n int
			return s.toFile(out, func(w io.Writer) error { n, err = a.ExportFocus(ctx, p, customer, w); return err }, func() any {
				return map[string]any{"file": out, "documents": n}
			})
		})
	journal := s.verb("journal", "Export the postings of a month's issued documents as CSV", "  chandler export journal --period 2026-03 --out journal.csv", cobra.NoArgs,
		func(ctx context.Context, a *app.App, _ []string) error {
			p, err := monthOf(month)
			if err != nil {
				return err
			}
			entries, err := a.JournalEntries(ctx, p)
			if err != nil {
				return err
			}
			return s.toFile(out, func(w io.Writer) error { return app.WriteJournal(w, entries) }, func() any {
				return map[string]any{"file": out, "items": entries}
			})
		})
	for _, c := range []*cobra.Command{focus, journal} {
		c.Flags().StringVar(&month, "period", "", "month, YYYY-MM")
		c.Flags().StringVar(&out, "out", "", "file; standard output when not given (then without --json)")
	}
	focus.Flags().StringVar(&customer, "customer", "", "only this customer: id, tenant or name")
	return noun("export", "Hand data on", focus, journal)
}

// toFile writes to a file or standard output; what it wrote is left only when it was written whole.
func (s *session) toFile(path string, write func(io.Writer) error, result func() any) error {
	if path == "" {
		if s.out.json {
			return wrongUsage("--json needs --out FILE, since the export itself is the output")
		}
		return write(s.env.Stdout)
	}
	tmp := path + ".part"
	f, err := os.Create(tmp) //nolint:gosec // the person names the file
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		_ = f.Close()
		_ = os.Remove(tmp)
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return s.out.print(result(), func(w io.Writer) { fmt.Fprintln(w, "wrote", path) })
}
