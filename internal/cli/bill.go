package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

func (s *session) billCommand() *cobra.Command {
	var p period.Month
	run := s.verb("run", "Rate a month, reconcile it and draft its invoices", "  chandler bill run --period 2026-03", noWords,
		func(ctx context.Context, a *app.App, _ []string) error {
			r, err := a.BillRun(ctx, p)
			if err != nil {
				return err
			}
			if err := s.out.print(r, func(w io.Writer) { printRun(w, r) }); err != nil {
				return err
			}
			return findings(r.Findings)
		})
	monthFlag(run, &p, "billing month")
	return noun("bill", "Bill a month", needs(run, "period", "the month to bill, such as 2026-03"))
}

// findings ends a command that is done with exit code 3 when it found something.
func findings(n int) error {
	if n > 0 {
		return errFindings
	}
	return nil
}

func printRun(w io.Writer, r app.Run) {
	if r.Estimate {
		fmt.Fprintf(w, "ESTIMATE: the reconciliation of %s is not here yet; amounts come from usage alone\n\n", r.Period)
	}
	slices.SortStableFunc(r.Drafts, func(x, y app.InvoiceRow) int { return strings.Compare(x.Customer.Name, y.Customer.Name) })
	t := newTable("customer", "", ">net", ">tax", ">gross", "currency")
	for _, d := range r.Drafts {
		kind := ""
		if d.Type != "invoice" {
			kind = string(d.Type)
		}
		t.add(d.Customer.Name, kind, d.Net.Fixed(d.Currency.MinorUnits()), d.Tax.Fixed(d.Currency.MinorUnits()),
			d.Gross.Fixed(d.Currency.MinorUnits()), string(d.Currency))
	}
	t.write(w)
	fmt.Fprintln(w)
	sums := newTable("total", ">cost", ">retail", ">sell", ">margin")
	for _, x := range r.Totals {
		n := x.Currency.MinorUnits()
		sums.add(string(x.Currency), x.Cost.Fixed(n), x.Retail.Fixed(n), x.Sell.Fixed(n), x.Margin.Fixed(n))
	}
	sums.write(w)
	fmt.Fprintf(w, "\n%d invoices drafted for %s\n", r.Invoices, r.Period)
	printProof(w, r.Result)
	for _, p := range r.Problems {
		fmt.Fprintln(w, "before issuing:", p)
	}
}

// printProof shows what Microsoft charged against what is accounted for, and every finding.
func printProof(w io.Writer, r recon.Result) {
	if len(r.Invoices) > 0 {
		fmt.Fprintln(w)
		t := newTable("invoice of Microsoft", ">charged", ">accounted for", ">difference", "", "classed as")
		for _, i := range r.Invoices {
			n := i.Currency.MinorUnits()
			classes := ""
			for _, c := range i.Classes {
				classes += fmt.Sprintf("%s %s  ", c.Class, c.Amount.Fixed(n))
			}
			t.add(i.Invoice, i.Upstream.Fixed(n), i.Accounted.Fixed(n), i.Difference.Fixed(n), string(i.Currency), classes)
		}
		t.write(w)
	}
	if len(r.Findings) == 0 {
		fmt.Fprintln(w, "\nno findings")
	}
	for _, f := range r.Findings {
		size := "size unknown"
		if f.Amount != nil {
			size = f.Amount.String() + " " + string(f.Currency)
		}
		fmt.Fprintf(w, "\nfinding %s %s, %s: %s\n", f.Level, f.Class, size, f.Message)
		for _, e := range f.Evidence {
			place := e.File
			if e.Line > 0 {
				place += fmt.Sprintf(":%d", e.Line)
			}
			if e.Column != "" {
				place += " " + e.Column
			}
			fmt.Fprintf(w, "  %s: %s\n", place, e.Detail)
		}
	}
	for _, n := range r.Notes {
		fmt.Fprintln(w, "note:", n.Message)
	}
}
