package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

func (s *session) reconCommand() *cobra.Command {
	var p period.Month
	show := s.verb("show", "Show a month's proof: differences by class, customers, seats, rounding, findings",
		"  chandler recon show --period 2026-03\n  chandler recon show --json | jq .findings", noWords,
		func(ctx context.Context, a *app.App, _ []string) error {
			r, err := a.Recon(ctx, p)
			if err != nil {
				return err
			}
			return s.out.print(r, func(w io.Writer) { printRecon(w, r) })
		})
	verify := s.verb("verify", "Check a stored reconciliation against its signed manifest", "  chandler recon verify --period 2026-03", noWords,
		func(ctx context.Context, a *app.App, _ []string) error {
			v, err := a.ReconVerify(ctx, p)
			if err != nil {
				return err
			}
			if err := s.out.print(v, func(w io.Writer) { printVerification(w, v) }); err != nil {
				return err
			}
			return findings(len(v.Faults))
		})
	for _, c := range []*cobra.Command{show, verify} {
		monthFlag(c, &p, "billing month; the latest run's when not given")
	}
	return noun("recon", "Prove a month", show, verify, s.reconWaive())
}

func printRecon(w io.Writer, r recon.Result) {
	fmt.Fprintln(w, "reconciliation of", r.Period)
	t := newTable("customer", ">cost", ">sell", ">margin", "currency")
	for _, c := range r.Customers {
		n := c.Currency.MinorUnits()
		t.add(c.Name, c.Cost.Fixed(n), c.Sell.Fixed(n), c.Margin.Fixed(n), string(c.Currency))
	}
	t.write(w)
	if len(r.Seats) > 0 {
		fmt.Fprintln(w)
		t := newTable("licence", "sku", "subscription", ">seats at the end")
		for _, x := range r.Seats {
			t.add(x.ProductID, x.SkuID, x.SubscriptionID, thousands(x.Seats))
		}
		t.write(w)
	}
	if len(r.Rounding) > 0 {
		fmt.Fprintln(w)
		t := newTable("rounding of", "product", "sku", "subscription", "credit", ">variance")
		for _, x := range r.Rounding {
			credit := ""
			if x.PEC {
				credit = "earned"
			}
			t.add(x.Invoice, x.ProductID, x.SkuID, x.SubscriptionID, credit, x.Variance.Plain())
		}
		t.write(w)
	}
	printProof(w, r)
}

// reconWaive lets a finding stand, or takes that back.
func (s *session) reconWaive() *cobra.Command {
	var p period.Month
	var reason, by string
	var undo bool
	c := s.verb("waive FINDING", "Let a finding stand with a reason, so that its month can be approved",
		"  chandler recon waive fnd_… --reason 'agreed with Microsoft, case 2603-0042'\n  chandler recon waive fnd_… --undo", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			var err error
			if undo {
				err = a.Unwaive(ctx, args[0])
			} else {
				err = a.Waive(ctx, p, args[0], reason, app.Actor{Name: by})
			}
			if err != nil {
				return err
			}
			return s.out.print(map[string]any{"finding": args[0], "waived": !undo, "reason": reason}, func(w io.Writer) {
				if undo {
					fmt.Fprintln(w, args[0], "is open again")
					return
				}
				fmt.Fprintln(w, args[0], "is waived:", reason)
			})
		})
	monthFlag(c, &p, "billing month; the latest run's when not given")
	c.Flags().StringVar(&reason, "reason", "", "why it may stand; kept with the month")
	c.Flags().StringVar(&by, "as", "", "who decides")
	c.Flags().BoolVar(&undo, "undo", false, "take the waiver back")
	return c
}

func printVerification(w io.Writer, v app.Verification) {
	for _, c := range v.Checks {
		fmt.Fprintln(w, "ok  ", c)
	}
	for _, f := range v.Faults {
		fmt.Fprintln(w, "FAIL", f)
	}
	if len(v.Faults) == 0 {
		fmt.Fprintln(w, v.Subject, "verified")
	}
}
