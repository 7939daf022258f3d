package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report"
	"github.com/chandler-csp/chandler/internal/report/ubl"
	"github.com/chandler-csp/chandler/internal/store"
)

// Actor is who does something; empty is the folder's owner.
type Actor struct{ Name string }

func (a Actor) name() string {
	if a.Name == "" {
		return owner
	}
	return a.Name
}

// InvoiceFilter limits a list; empty fields take everything.
type InvoiceFilter struct {
	Period   period.Month
	State    billing.State
	Customer string // id, tenant or name
}

// InvoiceView is an invoice with its lines, as staff see it.
type InvoiceView struct {
	InvoiceRow
	Reseller string                `json:"reseller_mpn"`
	IssuedOn period.Date           `json:"issued_on"`
	Paid     money.Decimal         `json:"paid"`
	Open     money.Decimal         `json:"open"`
	Taxes    []billing.TaxSubtotal `json:"taxes"`
	Lines    []billing.Line        `json:"lines"`
	Corrects *billing.Reference    `json:"corrects,omitempty"`
	Reason   string                `json:"reason,omitempty"`
	Run      string                `json:"run"`
	History  []store.InvoiceEvent  `json:"history"`       // changes of state since the draft
	Gaps     []errs.Field          `json:"gaps"`          // what keeps it from being issued
	EInvoice []errs.Field          `json:"einvoice_gaps"` // what keeps it from being an e-invoice as well
}

func (a *App) today() period.Date { return period.DateOf(a.opts.Now().UTC()) }

// rowOf is an invoice in a list, its state as today and its credit notes see it.
func rowOf(inv *billing.Invoice, ps *parties, today period.Date, credits ...billing.Invoice) InvoiceRow {
	row := InvoiceRow{
		ID: inv.ID, Type: inv.Type, State: inv.StateOn(today, credits...), Period: inv.Period, Currency: inv.Currency, Net: inv.Net, Tax: inv.Tax,
		Gross: inv.Gross, DueOn: inv.DueOn, Estimate: inv.Estimate, Customer: CustomerRef{inv.CustomerID, inv.TenantID, inv.Buyer.Name},
	}
	if inv.Number != "" {
		number := inv.Number
		row.Number = &number
	}
	if row.Customer.Name == "" && ps != nil {
		row.Customer = ps.ref(inv.CustomerID)
	}
	return row
}

// Invoices lists invoices and credit notes.
func (a *App) Invoices(ctx context.Context, f InvoiceFilter) ([]InvoiceRow, error) {
	sf := store.InvoiceFilter{Period: f.Period, State: f.State}
	if f.State == billing.StateOverdue {
		sf.State = billing.StateIssued
	}
	if f.Customer != "" {
		c, err := a.store.Customer(ctx, f.Customer)
		if err != nil {
			return nil, err
		}
		sf.CustomerID = c.ID
	}
	list, err := a.store.Invoices(ctx, sf)
	if err != nil {
		return nil, err
	}
	rows := make([]InvoiceRow, 0, len(list))
	for i := range list {
		row, err := a.listed(ctx, &list[i])
		if err != nil {
			return nil, err
		}
		if f.State == "" || row.State == f.State {
			rows = append(rows, row)
		}
	}
	return rows, nil
}

// listed is a document in a list. Only where it looks overdue its credit notes are asked for: they may have taken back
// what was open.
func (a *App) listed(ctx context.Context, inv *billing.Invoice) (InvoiceRow, error) {
	row := rowOf(inv, nil, a.today())
	if row.State != billing.StateOverdue {
		return row, nil
	}
	credits, err := a.store.CreditNotes(ctx, inv.Number)
	return rowOf(inv, nil, a.today(), credits...), err
}

// Invoice is one invoice, by id or number.
func (a *App) Invoice(ctx context.Context, ref string) (InvoiceView, error) {
	inv, err := a.store.Invoice(ctx, ref)
	if err != nil {
		return InvoiceView{}, err
	}
	credits, err := a.creditsOf(ctx, inv)
	if err != nil {
		return InvoiceView{}, err
	}
	v := InvoiceView{
		InvoiceRow: rowOf(&inv, nil, a.today(), credits...), Reseller: inv.ResellerMpnID, IssuedOn: inv.IssuedOn, Paid: inv.Paid, Open: inv.Open(credits...),
		Taxes: inv.Taxes, Lines: inv.Lines, Corrects: inv.Corrects, Reason: inv.Reason, Run: inv.RunID, Gaps: []errs.Field{}, EInvoice: []errs.Field{},
	}
	if v.History, err = a.store.InvoiceEvents(ctx, inv.ID); err != nil {
		return v, err
	}
	switch {
	case inv.Number != "":
		v.EInvoice = append(v.EInvoice, ubl.Gaps(inv)...)
	case inv.State != billing.StateVoid:
		fresh, seller, err := a.refreshed(ctx, inv)
		if err != nil {
			return v, err
		}
		v.Gaps = append(v.Gaps, billing.ReadyToIssue(fresh, seller)...)
		v.EInvoice = append(v.EInvoice, eInvoiceGaps(fresh, v.Gaps)...)
	}
	return v, nil
}

// eInvoiceGaps are the gaps of the e-invoice at places that none of the others names.
func eInvoiceGaps(inv billing.Invoice, others []errs.Field) []errs.Field {
	return slices.DeleteFunc(ubl.Gaps(inv), func(g errs.Field) bool {
		return slices.ContainsFunc(others, func(o errs.Field) bool { return o.Place == g.Place })
	})
}

// creditsOf lists the credit notes of an invoice.
func (a *App) creditsOf(ctx context.Context, inv billing.Invoice) ([]billing.Invoice, error) {
	if inv.Number == "" {
		return nil, nil
	}
	return a.store.CreditNotes(ctx, inv.Number)
}

// refreshed takes today's seller and customer data into a document that is not issued.
func (a *App) refreshed(ctx context.Context, inv billing.Invoice) (billing.Invoice, billing.Seller, error) {
	seller, buyer, err := a.payer(ctx, &inv)
	if err != nil {
		return inv, seller, err
	}
	return billing.Refresh(inv, seller, buyer, a.logo(seller)), seller, nil
}

// toward says which states an operation over a whole month takes up.
var toward = map[string][]billing.State{
	"approve": {billing.StateDraft, billing.StateValidated}, "issue": {billing.StateApproved},
}

// InvoicesToward lists the documents of a month that an operation (approve, issue) has still to do.
func (a *App) InvoicesToward(ctx context.Context, p period.Month, operation string) ([]string, error) {
	list, err := a.store.Invoices(ctx, store.InvoiceFilter{Period: p})
	if err != nil {
		return nil, err
	}
	var ids []string
	for i := range list {
		if slices.Contains(toward[operation], list[i].State) {
			ids = append(ids, list[i].ID)
		}
	}
	return ids, nil
}

// Approve validates a draft against its month's findings and approves it.
func (a *App) Approve(ctx context.Context, ref string, by Actor) (InvoiceRow, error) {
	inv, err := a.store.Invoice(ctx, ref)
	if err != nil {
		return InvoiceRow{}, err
	}
	was := inv.State
	open, err := a.openOf(ctx, inv)
	if err != nil {
		return InvoiceRow{}, err
	}
	fresh, seller, err := a.refreshed(ctx, inv)
	if err != nil {
		return InvoiceRow{}, err
	}
	if fresh, err = billing.Validate(fresh, open); err != nil {
		return InvoiceRow{}, err
	}
	if fresh, err = billing.Approve(fresh, by.name(), seller.Approval); err != nil {
		return InvoiceRow{}, err
	}
	if err := a.store.UpdateInvoice(ctx, fresh, was, by.name(), "approved"); err != nil {
		return InvoiceRow{}, err
	}
	return rowOf(&fresh, nil, a.today()), nil
}

// openOf lists the findings of the invoice's run that nobody waived.
func (a *App) openOf(ctx context.Context, inv billing.Invoice) ([]string, error) {
	s, err := a.storedRun(ctx, inv.RunID)
	if err != nil {
		return nil, err
	}
	result, err := s.result()
	if err != nil {
		return nil, err
	}
	a.waive(ctx, &result)
	var open []string
	for _, f := range result.Findings {
		if f.Waived == "" {
			open = append(open, fmt.Sprintf("%s %s: %s (waive it with `chandler recon waive %s --reason …`)", f.Level, f.Class, f.Message, f.Key))
		}
	}
	return open, nil
}

// Issue makes an approved document final: it gets the next number of its series, and its renderings are hashed, so
// that the same bytes can be asked for later.
func (a *App) Issue(ctx context.Context, ref string, by Actor) (InvoiceRow, error) {
	inv, err := a.store.Invoice(ctx, ref)
	if err != nil {
		return InvoiceRow{}, err
	}
	seller, buyer, err := a.payer(ctx, &inv)
	if err != nil {
		return InvoiceRow{}, err
	}
	fresh := billing.Refresh(inv, seller, buyer, a.logo(seller))
	if err := a.withinOriginal(ctx, inv); err != nil {
		return InvoiceRow{}, err
	}
	series := seller.InvoiceSeries
	if inv.Type == billing.TypeCreditNote {
		series = seller.CreditNoteSeries
	}
	on := a.today()
	if inv.State == billing.StateApproved {
		if err := errs.Join("invoice.incomplete", fresh.Name()+" cannot be issued yet", billing.ReadyToIssue(fresh, seller)); err != nil {
			return InvoiceRow{}, err
		}
	}
	did, err := a.pending(ctx, pendingRenderings, inv.ID)
	if err != nil {
		return InvoiceRow{}, err
	}
	issued, err := a.store.IssueInvoice(ctx, inv.ID, store.Counter{Series: string(inv.Type), Scope: series.CounterScope(on), First: series.First()}, by.name(),
		func(current billing.Invoice, n int64) (billing.Invoice, error) {
			number, err := billing.FormatNumber(series, on, n)
			if err != nil {
				return current, err
			}
			current = billing.Refresh(current, seller, buyer, a.logo(seller))
			return billing.Issue(current, seller, billing.Issuance{
				Number: number, On: on,
				DueOn: billing.DueOn(on, seller, buyer), At: a.opts.Now(),
			})
		})
	if err != nil {
		return InvoiceRow{}, errors.Join(err, did(ctx))
	}
	a.step("issued")
	if err := a.hashRenderings(context.WithoutCancel(ctx), issued); err != nil {
		return InvoiceRow{}, err
	}
	return rowOf(&issued, nil, a.today()), did(ctx)
}

// asIssued is the document as it was on the day of issue: payments came later.
func asIssued(inv billing.Invoice) billing.Invoice {
	inv.Paid, inv.State = money.Zero, billing.StateIssued
	return inv
}

func (a *App) hashRenderings(ctx context.Context, inv billing.Invoice) error {
	for _, f := range report.Formats() {
		b, err := report.Render(f, asIssued(inv))
		if err != nil {
			return fmt.Errorf("render %s as %s: %w", inv.Number, f, err)
		}
		if err := a.store.PutRendering(ctx, inv.ID, string(f), hashOf(b), int64(len(b))); err != nil {
			return err
		}
	}
	return nil
}

// Void takes back a document that was not issued.
func (a *App) Void(ctx context.Context, ref, reason string) (InvoiceRow, error) {
	inv, err := a.store.Invoice(ctx, ref)
	if err != nil {
		return InvoiceRow{}, err
	}
	was := inv.State
	if inv, err = billing.Void(inv, reason); err != nil {
		return InvoiceRow{}, err
	}
	if err := a.store.UpdateInvoice(ctx, inv, was, owner, reason); err != nil {
		return InvoiceRow{}, err
	}
	return rowOf(&inv, nil, a.today()), nil
}
