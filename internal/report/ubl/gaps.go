package ubl

import (
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// The codes of gaps.
const (
	codeMissing      errs.Code = "ubl.missing"
	codeMalformed    errs.Code = "ubl.malformed"
	codeInconsistent errs.Code = "ubl.inconsistent"
	codeUnsupported  errs.Code = "ubl.unsupported"
)

// gaps collects faults; places are JSON pointers into the invoice.
type gaps struct{ fields []errs.Field }

func (g *gaps) add(code errs.Code, place, format string, args ...any) {
	g.fields = append(g.fields, errs.Field{Place: place, Code: code, Detail: fmt.Sprintf(format, args...)})
}

// need reports a blank value.
func (g *gaps) need(value, place, why string) {
	if compact(value) == "" {
		g.add(codeMissing, place, "%s", why)
	}
}

// Gaps lists everything for which Peppol would refuse the invoice, each with its place in the invoice's JSON, what is
// wanted and the rule that wants it. A document that is not issued yet is not asked for what issuing gives it: number,
// issue date and due date. No gap means that Marshal gives a valid document.
func Gaps(inv billing.Invoice) []errs.Field {
	g := &gaps{}
	d := newDocument(inv)
	g.document(d)
	g.references(d)
	g.payment(d)
	g.party("/seller", inv.Seller)
	g.party("/buyer", inv.Buyer)
	g.taxIDs(d)
	g.national(d)
	g.categories(d)
	g.reasons(d)
	g.periods(d)
	g.decimals(inv)
	g.totals(d)
	return g.fields
}

// pending says that issuing will still fill in number and dates.
func pending(inv billing.Invoice) bool {
	return inv.State == billing.StateDraft || inv.State == billing.StateValidated || inv.State == billing.StateApproved
}

func (g *gaps) document(d document) {
	inv := d.inv
	if inv.Type != billing.TypeInvoice && inv.Type != billing.TypeCreditNote {
		g.add(codeMalformed, "/type", "type %q is neither an invoice nor a credit note (BR-04)", inv.Type)
	}
	if !pending(inv) {
		g.need(inv.Number, "/number", "a document needs its number (BR-02)")
		g.need(inv.IssuedOn.String(), "/issued_on", "a document needs its issue date (BR-03)")
	}
	if !listed(currencies, string(inv.Currency)) {
		g.add(codeMalformed, "/currency", "%q is no ISO 4217 currency code (BR-05, BR-CL-04)", inv.Currency)
	}
	if len(d.lines) == 0 {
		g.add(codeMissing, "/lines", "a document needs at least one line (BR-16)")
	}
}

func (g *gaps) references(d document) {
	if domestic(d, "DE") {
		g.need(d.inv.BuyerReference, "/buyer_reference", "between German parties the buyer reference (Leitweg-ID) is needed (DE-R-015)")
	} else if compact(d.inv.BuyerReference) == "" {
		g.need(d.inv.OrderReference, "/buyer_reference", "a buyer reference or an order reference is needed (PEPPOL-EN16931-R003)")
	}
	if d.credit && country(d.inv.Seller) == "NL" && (d.inv.Corrects == nil || compact(d.inv.Corrects.Number) == "") {
		g.add(codeMissing, "/corrects", "a Dutch seller's credit note names the invoice that it corrects (NL-R-001)")
	}
}

func (g *gaps) payment(d document) {
	inv := d.inv
	payable := d.signed(inv.Gross.Sub(inv.Paid)).Sign()
	if !d.credit && payable > 0 && !pending(inv) && inv.DueOn.IsZero() && compact(inv.Terms) == "" {
		g.add(codeMissing, "/due_on", "an amount to pay needs a due date or payment terms (BR-CO-25)")
	}
	switch {
	case domestic(d, "DE"):
		g.need(inv.Bank.IBAN, "/bank/iban", "between German parties payment instructions are needed (DE-R-001)")
	case country(inv.Seller) == "NL" && (!d.credit && payable > 0 || d.credit && payable < 0):
		g.need(inv.Bank.IBAN, "/bank/iban", "a Dutch seller says how to pay (NL-R-007)")
	}
	account := strings.ToUpper(compact(inv.Bank.IBAN))
	if !d.credit && account != "" && meansCode(inv, account) == "31" {
		g.need(inv.Bank.BIC, "/bank/bic", "a transfer between Danish parties needs the bank's code (DK-R-006)")
	}
	if d.credit && domestic(d, "DK") && payable < 0 {
		g.add(codeInconsistent, "/gross", "a Danish credit note has no negative total (DK-R-016)")
	}
}

// domestic says whether both parties sit in the country.
func domestic(d document, code string) bool {
	return country(d.inv.Seller) == code && country(d.inv.Buyer) == code
}
