package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
)

func (s *session) exportCommand() *cobra.Command {
	var p period.Month
	var customer, out string
	focus := s.verb("focus", "Export a month's charges in FOCUS 1.2, the partner as invoice issuer", "  chandler export focus --period 2026-03 --out charges.csv", noWords,
		func(ctx context.Context, a *app.App, _ []string) error {
			var n int
			write := func(w io.Writer) (err error) { n, err = a.ExportFocus(ctx, p, customer, w); return err }
			return s.toFile(out, write, func() any { return map[string]any{"file": out, "documents": n} })
		})
	journal := s.verb("journal", "Export the postings of a month's issued documents as CSV", "  chandler export journal --period 2026-03 --out journal.csv", noWords,
		func(ctx context.Context, a *app.App, _ []string) error {
			entries, err := a.JournalEntries(ctx, p)
			if err != nil {
				return err
			}
			return s.toFile(out, func(w io.Writer) error { return app.WriteJournal(w, entries) }, func() any {
				return map[string]any{"file": out, "items": entries}
			})
		})
	for _, c := range []*cobra.Command{focus, journal} {
		monthFlag(c, &p, "month of the documents")
		c.Flags().StringVar(&out, "out", "", "file; standard output when not given (then without --json)")
		c.PreRunE = func(*cobra.Command, []string) error { return s.resultElsewhere(out == "" || out == "-") }
		needs(c, "period", "the month to export, such as 2026-03")
	}
	focus.Flags().StringVar(&customer, "customer", "", "only this customer: id, tenant or name")
	return noun("export", "Hand data on", focus, journal)
}

// toFile writes to a file or standard output.
func (s *session) toFile(path string, write func(io.Writer) error, result func() any) error {
	if path == "" || path == "-" {
		return write(s.env.Stdout)
	}
	if err := writeWhole(path, write); err != nil {
		return err
	}
	return s.out.print(result(), func(w io.Writer) { fmt.Fprintln(w, "wrote", path) })
}

// writeWhole writes a file that is there when all of it was written, and else not.
func writeWhole(path string, write func(io.Writer) error) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeInto(path, path, write) // a device or pipe, which nothing may take the place of
	}
	part := path + ".part"
	if err := writeInto(part, path, write); err != nil {
		_ = os.Remove(part) // what failed is told
		return err
	}
	if err := os.Rename(part, path); err != nil {
		return unwritable(path, err)
	}
	return nil
}

func writeInto(file, path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return unwritable(path, err)
	}
	if err := write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return unwritable(path, err)
	}
	return nil
}

func unwritable(path string, err error) error {
	return errs.New(errs.Invalid, "file.unwritable", "%s cannot be written: %w", path, pathless(err))
}
