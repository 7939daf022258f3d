package cli

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// selection is an operation over invoices: those named, or all of a month that it has still to do.
type selection struct {
	use, short, example string
	check               func(context.Context, *app.App, []string, app.Actor) error // refuses all when one cannot
	run                 func(context.Context, *app.App, string, app.Actor) (app.InvoiceRow, error)
}

func (s *session) selected(o selection) *cobra.Command {
	var p period.Month
	var by string
	c := s.verb(o.use+" [INVOICE...]", o.short, o.example, namedOrMonth, func(ctx context.Context, a *app.App, refs []string) error {
		if len(refs) == 0 {
			var err error
			if refs, err = a.InvoicesToward(ctx, p, o.use); err != nil {
				return err
			}
		}
		if err := o.check(ctx, a, refs, app.Actor{Name: by}); err != nil {
			return err
		}
		return s.each(refs, func(ref string) (app.InvoiceRow, error) { return o.run(ctx, a, ref, app.Actor{Name: by}) })
	})
	monthFlag(c, &p, "all of this month")
	c.Flags().StringVar(&by, "as", "", "who does it, where a second person is asked for")
	return c
}

// each does one invoice after the other. What is done when one fails stays done, and is shown.
func (s *session) each(refs []string, do func(string) (app.InvoiceRow, error)) error {
	rows := []app.InvoiceRow{}
	for _, ref := range refs {
		row, err := do(ref)
		if err != nil && len(rows) > 0 {
			if !s.out.json {
				printInvoices(s.env.Stdout, rows)
			}
			return partialError{err, rows}
		}
		if err != nil {
			return err
		}
		rows = append(rows, row)
	}
	return s.out.print(map[string]any{"items": rows}, func(w io.Writer) {
		if len(rows) == 0 {
			fmt.Fprintln(w, "nothing to do")
			return
		}
		printInvoices(w, rows)
	})
}

func (s *session) invoiceApprove() *cobra.Command {
	return s.selected(selection{
		use: "approve", short: "Validate and approve drafts; open findings of their month refuse it",
		example: "  chandler invoice approve --period 2026-03",
		check: func(ctx context.Context, a *app.App, refs []string, by app.Actor) error {
			return a.CheckApprove(ctx, refs, by)
		},
		run: func(ctx context.Context, a *app.App, ref string, by app.Actor) (app.InvoiceRow, error) {
			return a.Approve(ctx, ref, by)
		},
	})
}

func (s *session) invoiceIssue() *cobra.Command {
	return s.selected(selection{
		use: "issue", short: "Issue approved invoices: number, date, due date, final content",
		example: "  chandler invoice issue --period 2026-03",
		check: func(ctx context.Context, a *app.App, refs []string, _ app.Actor) error {
			return a.CheckIssue(ctx, refs)
		},
		run: func(ctx context.Context, a *app.App, ref string, by app.Actor) (app.InvoiceRow, error) {
			return a.Issue(ctx, ref, by)
		},
	})
}

// one shows the invoice that a command changed.
func (s *session) one(row app.InvoiceRow, err error) error {
	if err != nil {
		return err
	}
	return s.out.print(row, func(w io.Writer) { printInvoices(w, []app.InvoiceRow{row}) })
}

func (s *session) invoiceVoid() *cobra.Command {
	var reason string
	c := s.verb("void INVOICE", "Take back a document that was not issued", "  chandler invoice void inv_… --reason 'billed by hand'", oneWord,
		func(ctx context.Context, a *app.App, args []string) error { return s.one(a.Void(ctx, args[0], reason)) })
	c.Flags().StringVar(&reason, "reason", "", "why it is void")
	return c
}

func (s *session) invoiceCredit() *cobra.Command {
	var req app.CreditRequest
	c := s.verb("credit INVOICE", "Credit an issued invoice, in full or by lines, at its own rule and rate",
		"  chandler invoice credit 2026-00001 --reason 'agreed with the customer'\n  chandler invoice credit 2026-00001 --line 3=12.50 --reason 'wrong price'", oneWord,
		func(ctx context.Context, a *app.App, args []string) error { return s.one(a.Credit(ctx, args[0], req)) })
	c.Flags().StringVar(&req.Reason, "reason", "", "why it is credited; printed on the credit note")
	linesFlag(c, &req.Lines, "line", "credit only line N, or AMOUNT of it; repeat for more lines")
	return c
}

func (s *session) invoicePay() *cobra.Command {
	var amount *money.Decimal
	var on period.Date
	var reference string
	c := s.verb("pay INVOICE", "Record a payment", "  chandler invoice pay 2026-00001 --amount 1190.00 --on 2026-05-02 --reference BANK-77", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			return s.one(a.Pay(ctx, args[0], amount, on, reference))
		})
	amountFlag(c, &amount, "amount", "amount; all that is open when not given")
	dateFlag(c, &on, "on", "day of the payment; today when not given")
	c.Flags().StringVar(&reference, "reference", "", "bank reference")
	return c
}

func (s *session) invoiceImportPayments() *cobra.Command {
	return s.verb("import-payments FILE", "Record payments from a CSV file: invoice, date, amount, currency, reference; twice is once",
		"  chandler invoice import-payments bank-2026-05.csv", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			r, err := a.ImportPayments(ctx, args[0])
			if err != nil {
				return err
			}
			return s.out.print(r, func(w io.Writer) { fmt.Fprintf(w, "%d payments recorded, %d known already\n", r.Recorded, r.Known) })
		})
}
