package billing

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// gaps collects what a document lacks.
type gaps struct{ fields []errs.Field }

func (g *gaps) need(ok bool, place, detail string) {
	if !ok {
		g.fields = append(g.fields, errs.Field{Place: place, Code: "required", Detail: detail})
	}
}

// ReadyToIssue lists every gap that keeps a document from being a legal invoice (EU VAT Directive art. 226); none: it
// can be issued. Places are JSON pointers into the document, with /seller for the seller's settings.
func ReadyToIssue(i Invoice, s Seller) []errs.Field {
	var g gaps
	g.need(!i.Estimate, "/estimate", "rated from usage alone: bill again once the reconciliation is there")
	g.need(len(i.Lines) > 0, "/lines", "at least one line")
	g.party(i.Seller, "/seller")
	g.party(i.Buyer, "/buyer")
	series, place := s.InvoiceSeries, "/seller/invoiceSeries"
	if i.Type == TypeCreditNote {
		series, place = s.CreditNoteSeries, "/seller/creditNoteSeries"
	}
	g.need(series.Pattern != "", place, "a number series")
	g.need(i.Bank.IBAN != "", "/seller/bank/iban", "the account to pay to")
	g.tax(i)
	g.fields = append(g.fields, untaxed(i)...)
	return g.fields
}

// party asks for full name and address.
func (g *gaps) party(p Party, place string) {
	g.need(p.Name != "" || p.LegalName != "", place+"/name", "the full name")
	g.need(p.Address.Street != "", place+"/address/street", "the street")
	g.need(p.Address.City != "", place+"/address/city", "the city")
	g.need(p.Address.Country != "", place+"/address/country", "the country, two letters")
}

// tax asks for the VAT ids that the tax categories need (BR-S-02, BR-AE-02, BR-IC-02, BR-G-02, BR-E-02).
func (g *gaps) tax(i Invoice) {
	seller, buyer := false, false
	for _, t := range i.Taxes {
		switch t.Category {
		case TaxOutOfScope:
		case TaxReverseCharge, TaxIntraEU:
			seller, buyer = true, true
		case TaxStandard, TaxZero, TaxExempt, TaxExport:
			seller = true
		}
	}
	g.need(!seller || i.Seller.VATID != "", "/seller/vatId", "the VAT id: tax of this kind needs it")
	g.need(!buyer || i.Buyer.VATID != "", "/buyer/vatId", "the VAT id: the buyer accounts for the tax")
}

// untaxed finds categories that lack the reason why no tax is charged, and lines without any.
func untaxed(i Invoice) []errs.Field {
	var g gaps
	for k, t := range i.Taxes {
		needs := t.Category != TaxStandard && t.Category != TaxZero
		g.need(!needs || t.Reason != "" || t.Code != "", fmt.Sprintf("/taxes/%d/reason", k), "why no tax is charged")
	}
	for k := range i.Lines {
		g.need(i.Lines[k].Tax != "", fmt.Sprintf("/lines/%d/tax_category", k), "a tax category")
	}
	return g.fields
}
