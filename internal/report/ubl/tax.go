package ubl

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// exemption is why a category carries no tax: the VATEX code that Peppol ties to the category (P0104 to P0107) and its
// words. Category E has none of its own: the reason must come with the invoice.
type exemption struct{ code, reason string }

var exemptions = map[billing.TaxCategory]exemption{
	billing.TaxReverseCharge: {"VATEX-EU-AE", "Reverse charge"},
	billing.TaxExport:        {"VATEX-EU-G", "Export outside the EU"},
	billing.TaxIntraEU:       {"VATEX-EU-IC", "Intra-Community supply"},
	billing.TaxOutOfScope:    {"VATEX-EU-O", "Not subject to VAT"},
}

// exemptionOf is the subtotal's own reason, else its category's. S and Z have none (BR-S-10, BR-Z-10).
func exemptionOf(t billing.TaxSubtotal) exemption {
	if t.Category == billing.TaxStandard || t.Category == billing.TaxZero {
		return exemption{}
	}
	e := exemption{strings.ToUpper(compact(t.Code)), oneLine(t.Reason)}
	if e.code == "" {
		e.code = exemptions[t.Category].code
	}
	if e.reason == "" {
		e.reason = exemptions[t.Category].reason
	}
	return e
}

// writeTaxes writes the one tax total with its subtotals (PEPPOL-EN16931-R053).
func writeTaxes(w *writer, d document) {
	w.group("cac:TaxTotal", func() {
		d.money(w, "cbc:TaxAmount", d.signed(d.inv.Tax))
		for _, t := range d.taxes {
			w.group("cac:TaxSubtotal", func() {
				d.money(w, "cbc:TaxableAmount", t.Base)
				d.money(w, "cbc:TaxAmount", t.Amount)
				writeCategory(w, "cac:TaxCategory", t.Category, t.Rate, exemptionOf(t))
			})
		}
	})
}

// writeCategory writes a category of a subtotal or a line; out of scope has no rate (BR-O-05).
func writeCategory(w *writer, name string, c billing.TaxCategory, rate money.Decimal, e exemption) {
	w.group(name, func() {
		w.text("cbc:ID", string(c))
		if c != billing.TaxOutOfScope {
			w.text("cbc:Percent", rate.Plain())
		}
		w.text("cbc:TaxExemptionReasonCode", e.code)
		w.text("cbc:TaxExemptionReason", e.reason)
		writeScheme(w)
	})
}

// writeTotals writes the document's totals (BR-CO-13, BR-CO-15, BR-CO-16). There are no allowances or charges on the
// document: a rounding is a line.
func writeTotals(w *writer, d document) {
	net, gross, paid := d.signed(d.inv.Net), d.signed(d.inv.Gross), d.signed(d.inv.Paid)
	w.group("cac:LegalMonetaryTotal", func() {
		d.money(w, "cbc:LineExtensionAmount", net)
		d.money(w, "cbc:TaxExclusiveAmount", net)
		d.money(w, "cbc:TaxInclusiveAmount", gross)
		if !paid.IsZero() {
			d.money(w, "cbc:PrepaidAmount", paid)
		}
		d.money(w, "cbc:PayableAmount", gross.Sub(paid))
	})
}
