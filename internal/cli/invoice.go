package cli

import (
	"context"
	"fmt"
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

func (s *session) invoiceCommand() *cobra.Command {
	return noun("invoice", "The partner's own invoices, from draft to paid",
		s.invoiceList(), s.invoiceShow(), s.invoiceApprove(), s.invoiceIssue(), s.invoiceVoid(), s.invoiceCredit(),
		s.invoicePay(), s.invoiceImportPayments(), s.invoiceExplain(), s.invoiceVerify(), s.invoiceExport())
}

func (s *session) invoiceList() *cobra.Command {
	var p period.Month
	var state, customer string
	c := s.verb("list", "List invoices and credit notes", "  chandler invoice list --period 2026-03 --state draft", noWords,
		func(ctx context.Context, a *app.App, _ []string) error {
			rows, err := a.Invoices(ctx, app.InvoiceFilter{Period: p, State: billing.State(state), Customer: customer})
			if err != nil {
				return err
			}
			return s.out.print(map[string]any{"items": rows}, func(w io.Writer) { printInvoices(w, rows) })
		})
	monthFlag(c, &p, "only of this month")
	choiceFlag(c, &state, "state", "STATE", states, "only in this state")
	c.Flags().StringVar(&customer, "customer", "", "only of this customer: id, tenant or name")
	return c
}

// states are those that a list can be limited to.
var states = []string{
	string(billing.StateDraft), string(billing.StateValidated), string(billing.StateApproved), string(billing.StateIssued),
	string(billing.StatePaid), string(billing.StateOverdue), string(billing.StateVoid),
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
		t.add(number, stateWords(r), string(r.Type), r.Period.String(), r.Customer.Name, r.Net.Fixed(n), r.Tax.Fixed(n), r.Gross.Fixed(n),
			string(r.Currency), r.DueOn.String(), r.ID)
	}
	t.write(w)
}

// stateWords is a document's state; an estimate says that it is one wherever it stands.
func stateWords(r app.InvoiceRow) string {
	if r.Estimate {
		return string(r.State) + ", ESTIMATE"
	}
	return string(r.State)
}

func (s *session) invoiceShow() *cobra.Command {
	return s.verb("show INVOICE", "Show an invoice with its lines", "  chandler invoice show 2026-00001", oneWord,
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
	fields(w, "document", string(v.Type)+" "+number, "state", stateWords(v.InvoiceRow), "id", v.ID, "customer", v.Customer.Name, "period", v.Period.String(),
		"reseller of record", v.Reseller, "due", v.DueOn.String(), "net", v.Net.Fixed(n)+" "+string(v.Currency), "tax", v.Tax.Fixed(n), "gross", v.Gross.Fixed(n),
		"paid", v.Paid.Fixed(n))
	fmt.Fprintln(w)
	t := newTable(">n", "description", "from", "to", ">quantity", ">unit price", ">net", ">cost")
	for _, l := range v.Lines {
		t.add(strconv.Itoa(l.N), l.Description, l.ServiceFrom.String(), l.ServiceTo.String(), l.Quantity.Plain(), l.UnitPrice.Plain(), l.Net.Fixed(n), l.Cost.Fixed(l.CostCurrency.MinorUnits()))
	}
	t.write(w)
	for _, g := range v.Gaps {
		fmt.Fprintf(w, "before issuing: %s: %s\n", g.Place, g.Detail)
	}
	for _, g := range v.EInvoice {
		fmt.Fprintf(w, "for an e-invoice: %s: %s\n", g.Place, g.Detail)
	}
}

func (s *session) invoiceExplain() *cobra.Command {
	var line int
	c := s.verb("explain INVOICE", "Explain a line down to usage rows, price row, tier, credit, rate, rule and rounding step",
		"  chandler invoice explain 2026-00001 --line 3", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			e, err := a.Explain(ctx, args[0], line)
			if err != nil {
				return err
			}
			return s.out.print(e, func(w io.Writer) { printTree(w, e.Tree, "", "") })
		})
	c.Flags().IntVar(&line, "line", 0, "line number")
	return needs(c, "line", "which line to explain, counted from 1")
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
	return s.verb("verify INVOICE", "Recompute an invoice from what its run recorded and compare bytes", "  chandler invoice verify 2026-00001", oneWord,
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
