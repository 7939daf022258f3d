// Package ubl writes a billing.Invoice as UBL 2.1 for Peppol BIS Billing 3.0: type 380 as Invoice, type 381 as
// CreditNote (billing reference C4). It owns the syntax and what EN 16931 and Peppol ask of it; it computes no price
// and no tax. Invariant: the same invoice gives the same bytes, and no amount loses a digit here.
package ubl

import (
	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// The specification and the process that every document names (PEPPOL-EN16931-R004, R007).
const (
	customization = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
	process       = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
)

// Marshal writes the document in UTF-8. What the invoice does not have is left out, so a draft can be shown; only a
// document for which Gaps returns nothing is valid. A credit note's amounts turn their sign, for UBL wants them
// positive. Errors: "invoice.unknown_type".
func Marshal(inv billing.Invoice) ([]byte, error) {
	if inv.Type != billing.TypeInvoice && inv.Type != billing.TypeCreditNote {
		return nil, errs.New(errs.Invalid, "invoice.unknown_type", "type %q has no UBL document", inv.Type)
	}
	d := newDocument(inv)
	w := &writer{}
	w.root(d.root(), func() {
		writeHeader(w, d)
		writeParty(w, "cac:AccountingSupplierParty", inv.Seller, !d.outOfScope)
		writeParty(w, "cac:AccountingCustomerParty", inv.Buyer, !d.outOfScope)
		writeDelivery(w, d)
		writePayment(w, d)
		writeTaxes(w, d)
		writeTotals(w, d)
		for i, l := range d.lines {
			writeLine(w, d, l, i+1)
		}
	})
	return w.bytes(), nil
}
