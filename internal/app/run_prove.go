package app

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

// proveBilled is level L6: every line is billed exactly once, or its customer is on the list of those not billed.
func (w *work) proveBilled() {
	billed := map[string]int{}
	for _, lines := range w.lines {
		for i := range lines {
			for _, c := range lines[i].ChargeIDs {
				billed[c]++
			}
		}
	}
	type lost struct {
		cost   money.Decimal
		places []recon.Evidence
	}
	unbilled := map[[2]string]*lost{}
	excluded, imported := map[string]bool{}, map[string]bool{}
	for i := range w.sold.Charges {
		c := &w.sold.Charges[i]
		if k := w.ps.byID[c.CustomerID]; k != nil && k.NotBilled != "" {
			excluded[k.Name+": "+k.NotBilled] = true
			continue
		} else if k != nil && k.Origin == "imported" {
			imported[k.ID] = true
		}
		if billed[c.ID] == 1 {
			continue
		}
		key := [2]string{c.TenantID, string(c.Currency)}
		if unbilled[key] == nil {
			unbilled[key] = &lost{}
		}
		unbilled[key].cost = unbilled[key].cost.Add(c.Cost)
		if len(unbilled[key].places) < maxRows {
			unbilled[key].places = append(unbilled[key].places, recon.Evidence{File: c.Place.File, Line: c.Place.Line, Column: "CustomerId", Detail: c.TenantID})
		}
	}
	for key, l := range unbilled {
		cost := l.cost
		w.result.Findings = append(w.result.Findings, recon.Finding{
			Key: id.Hash("fnd", "L6", key[0], key[1]), Level: "L6", Class: recon.UnbilledCustomer,
			Severity: recon.Error, Currency: money.Currency(key[1]), Amount: &cost, Evidence: l.places,
			Message: fmt.Sprintf("cost of %s reaches no invoice", cmp.Or(key[0], "lines without a customer")),
		})
	}
	for _, why := range slices.Sorted(maps.Keys(excluded)) {
		w.result.Notes = append(w.result.Notes, recon.Note{Code: "not-billed", Message: "not billed on purpose: " + why})
	}
	if len(imported) > 0 {
		w.result.Notes = append(w.result.Notes, recon.Note{
			Code: "imported-customers", Count: len(imported),
			Message: fmt.Sprintf("%d customers were made from the files; nobody has looked at them yet", len(imported)),
		})
	}
	if w.sold.Unruled > 0 {
		w.result.Notes = append(w.result.Notes, recon.Note{
			Code: "no-rule", Count: w.sold.Unruled,
			Message: fmt.Sprintf("%d lines match no price rule and sell at retail, or at cost where they have none", w.sold.Unruled),
		})
	}
}
