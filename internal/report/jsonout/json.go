// Package jsonout writes an invoice as a JSON document. It owns the customer's form, which lists field by field what a
// customer may see, and the staff's form, which adds what is the partner's alone. Invariants: amounts are strings with
// the currency's decimals, keys keep their order, the same invoice gives the same bytes, and a field that is added to
// the invoice does not appear to a customer before it is named here.
package jsonout

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/figure"
)

// Version is the form's version; it grows when a key changes its meaning or goes.
const Version = 1

// Customer is the document without cost, retail, rules and charge ids: indented UTF-8 JSON and a line end.
func Customer(inv *billing.Invoice) ([]byte, error) { return encode(inv, document(inv)) }

// Staff is the customer's document with what the partner alone may see on each line, and ids of the run.
func Staff(inv *billing.Invoice) ([]byte, error) {
	d := document(inv)
	d.Staff = &staff{RunID: inv.RunID, State: inv.State, CreatedAt: inv.CreatedAt.UTC(), ContentHash: inv.ContentHash}
	for i := range inv.Lines {
		d.Lines[i].Staff = staffLineOf(&inv.Lines[i], inv.Currency)
	}
	return encode(inv, d)
}

func encode(inv *billing.Invoice, d *doc) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(d); err != nil {
		return nil, fmt.Errorf("write JSON of invoice %s: %w", inv.ID, err)
	}
	return b.Bytes(), nil
}

// document builds the customer's form.
func document(inv *billing.Invoice) *doc {
	amount := func(a decimal) string { return figure.Amount(a, inv.Currency) }
	d := &doc{
		Version: Version, ID: inv.ID, Number: optional(inv.Number), Type: inv.Type, Draft: draft(inv.State), Void: inv.State == billing.StateVoid,
		Estimate: inv.Estimate, Period: inv.Period.String(), IssuedOn: inv.IssuedOn.String(), DueOn: inv.DueOn.String(),
		ServiceFrom: inv.ServiceFrom.String(), ServiceTo: inv.ServiceTo.String(), Currency: inv.Currency,
		CustomerID: inv.CustomerID, TenantID: inv.TenantID, ResellerMPN: inv.ResellerMpnID,
		Seller: inv.Seller, Bank: inv.Bank, Buyer: inv.Buyer, BuyerReference: inv.BuyerReference, OrderReference: inv.OrderReference,
		Terms: inv.Terms, Lines: make([]line, len(inv.Lines)), Taxes: make([]tax, len(inv.Taxes)),
		Net: amount(inv.Net), Tax: amount(inv.Tax), Gross: amount(inv.Gross), Paid: amount(inv.Paid), Due: amount(inv.Gross.Sub(inv.Paid)),
		Reason: inv.Reason, Notes: inv.Notes, Usage: make([]usage, len(inv.Usage)),
	}
	if r := inv.Corrects; r != nil {
		d.Corrects = &reference{Number: r.Number, IssuedOn: r.IssuedOn.String()}
	}
	for i := range inv.Lines {
		d.Lines[i] = lineOf(&inv.Lines[i], inv.Currency)
	}
	for i, t := range inv.Taxes {
		d.Taxes[i] = tax{t.Category, t.Rate.Plain(), amount(t.Base), amount(t.Amount), t.Reason, t.Code}
	}
	for i, u := range inv.Usage {
		d.Usage[i] = usage{u.Service, u.Meter, u.Unit, u.Quantity.Plain(), amount(u.Amount)}
	}
	return d
}

// draft says whether the document has not left the house yet.
func draft(s billing.State) bool {
	return s == billing.StateDraft || s == billing.StateValidated || s == billing.StateApproved || s == ""
}

// optional is nil, JSON's null, for no text.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
