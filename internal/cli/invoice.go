package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

func (s *session) invoiceCommand() *cobra.Command {
	return noun("invoice", "The partner's own invoices, from draft to paid",
		s.invoiceList(), s.invoiceShow(), s.invoiceApprove(), s.invoiceIssue(), s.invoiceVoid(), s.invoiceCredit(),
		s.invoicePay(), s.invoiceImportPayments(), s.invoiceExplain(), s.invoiceVerify(), s.invoiceExport())
}

func (s *session) invoiceList() *cobra.Command {
	var month, state, customer string
	c := s.verb("list", "List invoices and credit notes", "  chandler invoice list --period 2026-03 --state draft", cobra.NoArgs,
		func(ctx context.Context, a *app.App, _ []string) error {
			p, err := optionalMonth(month)
			if err != nil {
				return err
			}
			rows, err := a.Invoices(ctx, app.InvoiceFilter{Period: p, State: billing.State(state), Customer: customer})
			if err != nil {
				return err
			}
			return s.out.print(map[string]any{"items": rows}, func(w io.Writer) { printInvoices(w, rows) })
		})
	c.Flags().StringVar(&month, "period", "", "only of this month, YYYY-MM")
	c.Flags().StringVar(&state, "state", "", "only in this state: draft, validated, approved, issued, paid, overdue, void")
	c.Flags().StringVar(&customer, "customer", "", "only of this customer: id, tenant or name")
	return c
}

func printInvoices(w io.Writer, rows []app.InvoiceRow) {
	if len(rows) == 0 {
		fmt.Fprintln(w, "no invoices; `chandler bill run --period YYYY-MM` drafts them")
		return
	}
	t := newTable("number", "state", "type", "period", "customer", ">net", ">tax", ">gross", "currency", "due", "id")
	for _, r := range rows {
		number := "-"
		if r.Number != nil {
			number = *r.Number
		}
		n := r.Currency.MinorUnits()
		t.add(number, string(r.State), string(r.Type), r.Period.String(), r.Customer.Name, r.Net.Fixed(n), r.Tax.Fixed(n), r.Gross.Fixed(n),
			string(r.Currency), r.DueOn.String(), r.ID)
	}
	t.write(w)
}

func (s *session) invoiceShow() *cobra.Command {
	return s.verb("show INVOICE", "Show an invoice with its lines", "  chandler invoice show 2026-00001", cobra.ExactArgs(1),
		func(ctx context.Context, a *app.App, args []string) error {
			v, err := a.Invoice(ctx, args[0])
			if err != nil {
				return err
			}
			return s.out.print(v, func(w io.Writer) { printInvoice(w, v) })
		})
}

func printInvoice(w io.Writer, v app.InvoiceView) {
	n := v.Currency.MinorUnits()
	number := "(draft)"
	if v.Number != nil {
		number = *v.Number
	}
	fields(w, "document", string(v.Type)+" "+number, "state", string(v.State), "id", v.ID, "customer", v.Customer.Name, "period", v.Period.String(),
		"reseller of record", v.Reseller, "due", v.DueOn.String(), "net", v.Net.Fixed(n)+" "+string(v.Currency), "tax", v.Tax.Fixed(n), "gross", v.Gross.Fixed(n),
		"paid", v.Paid.Fixed(n))
	fmt.Fprintln(w)
	t := newTable(">n", "description", "from", "to", ">quantity", ">unit price", ">net", ">cost")
	for _, l := range v.Lines {
		t.add(strconv.Itoa(l.N), l.Description, l.ServiceFrom.String(), l.ServiceTo.String(), l.Quantity.Plain(), l.UnitPrice.Plain(), l.Net.Fixed(n), l.Cost.String())
	}
	t.write(w)
	for _, g := range v.Gaps {
		fmt.Fprintf(w, "before issuing: %s: %s\n", g.Place, g.Detail)
	}
}

// selected runs an operation over the invoices named, or over all of a month.
func (s *session) selected(use, short, example string, run func(context.Context, *app.App, string, app.Actor) (app.InvoiceRow, error)) *cobra.Command {
	var month, by string
	c := s.verb(use+" [INVOICE...]", short, example, cobra.ArbitraryArgs, func(ctx context.Context, a *app.App, refs []string) error {
		if (len(refs) == 0) == (month == "") {
			return wrongUsage("name invoices, or give --period for all of a month")
		}
		p, err := optionalMonth(month)
		if err != nil {
			return err
		}
		if month != "" {
			if refs, err = a.InvoicesToward(ctx, p, use); err != nil {
				return err
			}
		}
		rows := []app.InvoiceRow{}
		for _, ref := range refs {
			row, err := run(ctx, a, ref, app.Actor{Name: by})
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return s.out.print(map[string]any{"items": rows}, func(w io.Writer) { printInvoices(w, rows) })
	})
	c.Flags().StringVar(&month, "period", "", "all of this month, YYYY-MM")
	c.Flags().StringVar(&by, "as", "", "who does it, where a second person is asked for")
	return c
}

func (s *session) invoiceApprove() *cobra.Command {
	return s.selected("approve", "Validate and approve drafts; open findings of their month refuse it",
		"  chandler invoice approve --period 2026-03", func(ctx context.Context, a *app.App, ref string, by app.Actor) (app.InvoiceRow, error) {
			return a.Approve(ctx, ref, by)
		})
}

func (s *session) invoiceIssue() *cobra.Command {
	return s.selected("issue", "Issue approved invoices: number, date, due date, final content",
		"  chandler invoice issue --period 2026-03", func(ctx context.Context, a *app.App, ref string, by app.Actor) (app.InvoiceRow, error) {
			return a.Issue(ctx, ref, by)
		})
}

func (s *session) invoiceVoid() *cobra.Command {
	var reason string
	c := s.verb("void INVOICE", "Take back a document that was not issued", "  chandler invoice void inv_… --reason 'billed by hand'", cobra.ExactArgs(1),
		func(ctx context.Context, a *app.App, args []string) error {
			row, err := a.Void(ctx, args[0], reason)
			if err != nil {
				return err
			}
			return s.out.print(row, func(w io.Writer) { printInvoices(w, []app.InvoiceRow{row}) })
		})
	c.Flags().StringVar(&reason, "reason", "", "why it is void")
	return c
}

func (s *session) invoiceCredit() *cobra.Command {
	var reason string
	var lines []string
	c := s.verb("credit INVOICE", "Credit an issued invoice, in full or by lines, at its own rule and rate",
		"  chandler invoice credit 2026-00001 --reason 'agreed with the customer'\n  chandler invoice credit 2026-00001 --line 3=12.50 --reason 'wrong price'", cobra.ExactArgs(1),
		func(ctx context.Context, a *app.App, args []string) error {
			req := app.CreditRequest{Reason: reason}
			for _, l := range lines {
				n, amount, ok := strings.Cut(l, "=")
				line, err := strconv.Atoi(n)
				if err != nil {
					return wrongUsage("--line %s: want N or N=AMOUNT", l)
				}
				part := app.CreditLine{N: line}
				if ok {
					d, err := money.Parse(amount)
					if err != nil {
						return wrongUsage("--line %s: %v", l, err)
					}
					part.Amount = &d
				}
				req.Lines = append(req.Lines, part)
			}
			row, err := a.Credit(ctx, args[0], req)
			if err != nil {
				return err
			}
			return s.out.print(row, func(w io.Writer) { printInvoices(w, []app.InvoiceRow{row}) })
		})
	c.Flags().StringVar(&reason, "reason", "", "why it is credited; printed on the credit note")
	c.Flags().StringArrayVar(&lines, "line", nil, "credit only line N, or AMOUNT of it: N or N=AMOUNT; repeat for more lines")
	return c
}

func (s *session) invoicePay() *cobra.Command {
	var amount, on, reference string
	c := s.verb("pay INVOICE", "Record a payment", "  chandler invoice pay 2026-00001 --amount 1190.00 --on 2026-05-02 --reference BANK-77", cobra.ExactArgs(1),
		func(ctx context.Context, a *app.App, args []string) error {
			var d *money.Decimal
			if amount != "" {
				v, err := money.Parse(amount)
				if err != nil {
					return wrongUsage("--amount: %v", err)
				}
				d = &v
			}
			day, err := period.ParseDate(on)
			if err != nil {
				return wrongUsage("--on: %v", err)
			}
			row, err := a.Pay(ctx, args[0], d, day, reference)
			if err != nil {
				return err
			}
			return s.out.print(row, func(w io.Writer) { printInvoices(w, []app.InvoiceRow{row}) })
		})
	c.Flags().StringVar(&amount, "amount", "", "amount; all that is open when not given")
	c.Flags().StringVar(&on, "on", "", "day of the payment, YYYY-MM-DD; today when not given")
	c.Flags().StringVar(&reference, "reference", "", "bank reference")
	return c
}

func (s *session) invoiceImportPayments() *cobra.Command {
	return s.verb("import-payments FILE", "Record payments from a CSV file: invoice, date, amount, currency, reference; twice is once",
		"  chandler invoice import-payments bank-2026-05.csv", cobra.ExactArgs(1),
		func(ctx context.Context, a *app.App, args []string) error {
			r, err := a.ImportPayments(ctx, args[0])
			if err != nil {
				return err
			}
			return s.out.print(r, func(w io.Writer) { fmt.Fprintf(w, "%d payments recorded, %d known already\n", r.Recorded, r.Known) })
		})
}

func (s *session) invoiceExplain() *cobra.Command {
	var line int
	c := s.verb("explain INVOICE", "Explain a line down to usage rows, price row, tier, credit, rate, rule and rounding step",
		"  chandler invoice explain 2026-00001 --line 3", cobra.ExactArgs(1),
		func(ctx context.Context, a *app.App, args []string) error {
			if line < 1 {
				return wrongUsage("--line is needed: which line to explain, counted from 1")
			}
			e, err := a.Explain(ctx, args[0], line)
			if err != nil {
				return err
			}
			return s.out.print(e, func(w io.Writer) { printTree(w, e.Tree, "", "") })
		})
	c.Flags().IntVar(&line, "line", 0, "line number")
	return c
}

// printTree draws an explanation: each step with what it came from beneath.
func printTree(w io.Writer, n app.Node, first, rest string) {
	text := n.Text
	if n.Amount != "" {
		text += "  = " + n.Amount
	}
	fmt.Fprintln(w, first+text)
	for i, c := range n.From {
		if i == len(n.From)-1 {
			printTree(w, c, rest+"└─ ", rest+"   ")
		} else {
			printTree(w, c, rest+"├─ ", rest+"│  ")
		}
	}
}

func (s *session) invoiceVerify() *cobra.Command {
	return s.verb("verify INVOICE", "Recompute an invoice from what its run recorded and compare bytes", "  chandler invoice verify 2026-00001", cobra.ExactArgs(1),
		func(ctx context.Context, a *app.App, args []string) error {
			v, err := a.VerifyInvoice(ctx, args[0])
			if err != nil {
				return err
			}
			if err := s.out.print(v, func(w io.Writer) { printVerification(w, v) }); err != nil {
				return err
			}
			return findings(len(v.Faults))
		})
}

func (s *session) invoiceExport() *cobra.Command {
	var format, out, month string
	c := s.verb("export [INVOICE...]", "Write invoices as PDF, UBL (Peppol BIS 3.0), CSV, XLSX or JSON",
		"  chandler invoice export 2026-00001 --format pdf --out invoice.pdf\n  chandler invoice export --period 2026-03 --format ubl --out ./invoices/", cobra.ArbitraryArgs,
		func(ctx context.Context, a *app.App, refs []string) error {
			if (len(refs) == 0) == (month == "") {
				return wrongUsage("name invoices, or give --period for all of a month")
			}
			p, err := optionalMonth(month)
			if err != nil {
				return err
			}
			files, err := a.ExportInvoices(ctx, refs, p, format)
			if err != nil {
				return err
			}
			return s.writeFiles(files, out)
		})
	c.Flags().StringVar(&format, "format", "pdf", "pdf, ubl, csv, xlsx or json")
	c.Flags().StringVar(&out, "out", "", "file, or a folder that ends with / for several; - for standard output")
	c.Flags().StringVar(&month, "period", "", "all of this month, YYYY-MM")
	return c
}

// writeFiles writes rendered documents: one to a file or standard output, several into a folder.
func (s *session) writeFiles(files []app.File, out string) error {
	if out == "-" && len(files) == 1 && !s.out.json {
		_, err := s.env.Stdout.Write(files[0].Data)
		return err
	}
	if len(files) > 1 && out != "" && !strings.HasSuffix(out, "/") {
		return wrongUsage("%d files need a folder: --out FOLDER/", len(files))
	}
	written := []map[string]any{}
	for _, f := range files {
		path := f.Name
		switch {
		case strings.HasSuffix(out, "/"):
			if err := os.MkdirAll(out, 0o750); err != nil {
				return err
			}
			path = out + f.Name
		case out != "":
			path = out
		}
		if err := os.WriteFile(path, f.Data, 0o600); err != nil {
			return err
		}
		written = append(written, map[string]any{"file": path, "bytes": len(f.Data), "warnings": f.Warnings})
	}
	return s.out.print(map[string]any{"items": written}, func(w io.Writer) {
		for _, f := range written {
			fmt.Fprintf(w, "%s  %d bytes\n", f["file"], f["bytes"])
		}
	})
}
