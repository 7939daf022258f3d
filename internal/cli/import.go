package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
)

func (s *session) importCommand() *cobra.Command {
	return s.verb("import FILE...", "Take in Microsoft's files: price sheets, rates, usage, reconciliation, invoices, FOCUS",
		"  chandler import ~/partner-center/2026-03/*\n  chandler import recon_G090387211.csv daily_rated_usage_G090387211.jsonl.gz",
		someWords, func(ctx context.Context, a *app.App, paths []string) error {
			r, err := a.Import(ctx, paths)
			if err != nil {
				return err
			}
			return s.out.print(r, func(w io.Writer) { printImport(w, r) })
		})
}

func printImport(w io.Writer, r app.ImportReport) {
	t := newTable("data set", "outcome", ">rows", ">before", ">money", ">before")
	for _, d := range r.DataSets {
		before, money := "", ""
		if d.Outcome == "replaced" {
			before, money = thousands(d.RowsBefore), amounts(d.AmountsBefore)
		}
		t.add(d.Key, string(d.Outcome), thousands(d.Rows), before, amounts(d.Amounts), money)
	}
	t.write(w)
	for _, c := range r.NewCustomers {
		fmt.Fprintf(w, "new customer %s (%s), made from the files\n", c.Name, c.TenantID)
	}
	for _, n := range r.Notes {
		fmt.Fprintln(w, "note:", n)
	}
}
