package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
)

func (s *session) reconCommand() *cobra.Command {
	var month string
	show := s.verb("show", "Show a month's proof: differences by class, customers, seats, rounding, findings",
		"  chandler recon show --period 2026-03\n  chandler recon show --json | jq .findings", cobra.NoArgs,
		func(ctx context.Context, a *app.App, _ []string) error {
			p, err := optionalMonth(month)
			if err != nil {
				return err
			}
			r, err := a.Recon(ctx, p)
			if err != nil {
				return err
			}
			return s.out.print(r, func(w io.Writer) {
				fmt.Fprintln(w, "reconciliation of", r.Period)
				t := newTable("customer", ">cost", ">sell", ">margin", "currency")
				for _, c := range r.Customers {
					n := c.Currency.MinorUnits()
					t.add(c.Name, c.Cost.Fixed(n), c.Sell.Fixed(n), c.Margin.Fixed(n), string(c.Currency))
				}
				t.write(w)
				printProof(w, r)
			})
		})
	verify := s.verb("verify", "Check a stored reconciliation against its signed manifest", "  chandler recon verify --period 2026-03", cobra.NoArgs,
		func(ctx context.Context, a *app.App, _ []string) error {
			p, err := optionalMonth(month)
			if err != nil {
				return err
			}
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
		c.Flags().StringVar(&month, "period", "", "billing month, YYYY-MM; the latest run's when not given")
	}
	return noun("recon", "Prove a month", show, verify, s.reconWaive())
}

// reconWaive lets a finding stand, or takes that back.
func (s *session) reconWaive() *cobra.Command {
	var month, reason, by string
	var undo bool
	c := s.verb("waive FINDING", "Let a finding stand with a reason, so that its month can be approved",
		"  chandler recon waive fnd_… --reason 'agreed with Microsoft, case 2603-0042'\n  chandler recon waive fnd_… --undo", cobra.ExactArgs(1),
		func(ctx context.Context, a *app.App, args []string) error {
			p, err := optionalMonth(month)
			if err != nil {
				return err
			}
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
	c.Flags().StringVar(&month, "period", "", "billing month, YYYY-MM; the latest run's when not given")
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
