package ubl_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/ubl"
)

// damage is one fault: where Gaps must see it, and the published rule that refuses the document. An empty rule means
// that the published rules are laxer than EN 16931's own text.
type damage struct {
	base, place, rule string
	change            func(*billing.Invoice)
}

func (d damage) damaged() billing.Invoice {
	inv := variety()[d.base]
	d.change(&inv)
	return inv
}

func damages() []damage {
	type I = *billing.Invoice
	return []damage{
		{"standard", "/number", "BR-02", func(i I) { i.Number = "" }},
		{"standard", "/issued_on", "BR-03", func(i I) { i.IssuedOn = day("") }},
		{"standard", "/currency", "BR-CL-04", func(i I) { i.Currency = "ZZZ" }},
		{"standard", "/lines /net /tax", "BR-16", func(i I) { i.Lines, i.Taxes = nil, nil }},
		{"standard", "/buyer_reference", "PEPPOL-EN16931-R003", func(i I) { i.BuyerReference, i.OrderReference = "", "" }},
		{"standard", "/due_on", "BR-CO-25", func(i I) { i.DueOn, i.Terms = day(""), "" }},
		{"standard", "/seller/name", "BR-06", func(i I) { i.Seller.Name, i.Seller.LegalName = "", "" }},
		{"standard", "/buyer/name", "BR-07", func(i I) { i.Buyer.Name = " " }},
		{"standard", "/seller/address/country", "BR-09", func(i I) { i.Seller.Address.Country = "" }},
		{"standard", "/buyer/address/country", "BR-11", func(i I) { i.Buyer.Address.Country = "" }},
		{"standard", "/buyer/address/country", "BR-CL-14", func(i I) { i.Buyer.Address.Country = "UK" }},
		{"standard", "/seller/endpointId", "PEPPOL-EN16931-R020", func(i I) { i.Seller.EndpointID = "" }},
		{"standard", "/buyer/endpointId", "PEPPOL-EN16931-R010", func(i I) { i.Buyer.EndpointID = "" }},
		{"standard", "/seller/endpointScheme", "BR-62", func(i I) { i.Seller.EndpointScheme = "" }},
		{"standard", "/buyer/endpointScheme", "BR-63", func(i I) { i.Buyer.EndpointScheme = "" }},
		{"standard", "/buyer/endpointScheme", "BR-CL-25", func(i I) { i.Buyer.EndpointScheme = "1234" }},
		{"standard", "/seller/endpointId", "PEPPOL-COMMON-R043", func(i I) { i.Seller.EndpointID = "0477472702" }},
		{"export", "/buyer/endpointId", "PEPPOL-COMMON-R040", func(i I) { i.Buyer.EndpointID = "5790000435970" }},
		{"norwegian", "/seller/endpointId", "PEPPOL-COMMON-R041", func(i I) { i.Seller.EndpointID = "974760674" }},
		{"danish", "/buyer/endpointId", "PEPPOL-COMMON-R042", func(i I) { i.Buyer.EndpointID = "1234" }},
		{"swedish", "/seller/endpointId", "PEPPOL-COMMON-R049", func(i I) { i.Seller.EndpointID = "5560360794" }},
		{"standard", "/seller/vatId", "BR-S-02", func(i I) { i.Seller.VATID = "" }},
		{"standard", "/buyer/vatId", "BR-CO-09", func(i I) { i.Buyer.VATID = "123456789" }},
		{"intra-eu", "/buyer/vatId", "BR-IC-02", func(i I) { i.Buyer.VATID = "" }},
		{"reverse-charge", "/buyer/vatId", "BR-AE-02", func(i I) { i.Buyer.VATID, i.Buyer.CompanyID = "", "" }},
		{"out-of-scope", "/seller/companyId", "BR-CO-26", func(i I) { i.Seller.CompanyID = "" }},
		{"exempt", "/taxes/0/reason", "BR-E-10", func(i I) { i.Taxes = clone(i.Taxes); i.Taxes[0].Reason = "" }},
		{"exempt", "/taxes/0/reasonCode", "BR-CL-22", func(i I) { i.Taxes = clone(i.Taxes); i.Taxes[0].Code = "NONE" }},
		{"exempt", "/taxes/0/reasonCode", "PEPPOL-EN16931-P0107", func(i I) { i.Taxes = clone(i.Taxes); i.Taxes[0].Code = "vatex-eu-ae" }},
		{"standard", "/lines/0/tax_category", "BR-CO-04", func(i I) { i.Lines = []billing.Line{taxed(i.Lines[0], "", "0")}; *i = totalled(*i) }},
		{"standard", "/lines/1/tax_category", "BR-CL-18", func(i I) { i.Lines = []billing.Line{i.Lines[0], taxed(i.Lines[0], "X", "0")}; *i = totalled(*i) }},
		{"standard", "/lines/0/tax_rate", "BR-S-05", func(i I) { i.Lines = []billing.Line{taxed(i.Lines[0], "S", "0")}; *i = totalled(*i) }},
		{"standard", "/lines/0/tax_rate", "BR-Z-05", func(i I) { i.Lines = []billing.Line{taxed(i.Lines[0], "Z", "7")}; *i = totalled(*i) }},
		{"out-of-scope", "/lines", "BR-O-12", func(i I) { i.Lines = []billing.Line{i.Lines[0], taxed(i.Lines[0], "S", "21")}; *i = totalled(*i) }},
		{"standard", "/lines/0/service_to", "BR-30", func(i I) { i.Lines = clone(i.Lines); i.Lines[0].ServiceTo = day("2026-02-01") }},
		{"standard", "/net", "BR-CO-10", func(i I) { i.Net = i.Net.Add(dec("0.01")); i.Gross = i.Gross.Add(dec("0.01")) }},
		{"standard", "/tax", "BR-CO-14", func(i I) { i.Tax = i.Tax.Add(dec("0.01")); i.Gross = i.Gross.Add(dec("0.01")) }},
		{"standard", "/gross", "BR-CO-15", func(i I) { i.Gross = i.Gross.Add(dec("0.01")) }},
		{"exempt", "/taxes/0/base", "BR-E-08", func(i I) { i.Taxes = clone(i.Taxes); i.Taxes[0].Base = dec("1") }},
		{"standard", "/taxes/0/amount /tax", "BR-CO-14", func(i I) { i.Taxes = clone(i.Taxes); i.Taxes[0].Amount = i.Taxes[0].Amount.Add(dec("0.01")) }},
		{"standard", "/taxes/0/amount", "", func(i I) {
			i.Taxes = clone(i.Taxes)
			i.Taxes[0].Amount, i.Tax, i.Gross = i.Taxes[0].Amount.Add(dec("0.01")), i.Tax.Add(dec("0.01")), i.Gross.Add(dec("0.01"))
		}},
		{"standard", "/net /gross /lines/0/net /taxes/0/base", "BR-DEC-23", func(i I) {
			i.Currency, i.Lines = "KWD", []billing.Line{line("1", "1.255", "1.255")}
			*i = totalled(*i)
		}},
		{"german", "/buyer_reference", "DE-R-015", func(i I) { i.BuyerReference = "" }},
		{"german", "/bank/iban", "DE-R-001", func(i I) { i.Bank.IBAN = "" }},
		{"german", "/seller/contact/name", "DE-R-005", func(i I) { i.Seller.Contact.Name = "" }},
		{"german", "/seller/contact/phone", "DE-R-006", func(i I) { i.Seller.Contact.Phone = "" }},
		{"german", "/seller/contact/email", "DE-R-007", func(i I) { i.Seller.Contact.Email = "" }},
		{"german", "/seller/address/city", "DE-R-003", func(i I) { i.Seller.Address.City = "" }},
		{"german", "/buyer/address/postalCode", "DE-R-009", func(i I) { i.Buyer.Address.PostalCode = "" }},
		{"danish", "/seller/companyId", "DK-R-002", func(i I) { i.Seller.CompanyID = "" }},
		{"danish", "/bank/bic", "DK-R-006", func(i I) { i.Bank.BIC = "" }},
		{"dutch", "/bank/iban", "NL-R-007", func(i I) { i.Bank.IBAN = "" }},
		{"dutch", "/seller/address/street", "NL-R-002", func(i I) { i.Seller.Address.Street = "" }},
		{"dutch", "/buyer/address/city", "NL-R-004", func(i I) { i.Buyer.Address.City = "" }},
		{"dutch-credit-note", "/corrects", "NL-R-001", func(i I) { i.Corrects = nil }},
		{"swedish", "/seller/vatId", "SE-R-001", func(i I) { i.Seller.VATID = "SE5566778899" }},
		{"swedish", "/seller/companyId", "SE-R-013", func(i I) { i.Seller.CompanyID = "5560360794" }},
		{"swedish", "/lines/0/tax_rate", "SE-R-006", func(i I) { i.Lines = []billing.Line{taxed(i.Lines[0], "S", "21")}; *i = totalled(*i) }},
		{"norwegian", "/seller/vatId", "NO-R-001", func(i I) { i.Seller.VATID = "NO974760673" }},
		{"icelandic", "/seller/companyId", "IS-R-002", func(i I) { i.Seller.CompanyID = "" }},
		{"icelandic", "/buyer/companyId", "IS-R-004", func(i I) { i.Buyer.CompanyID = "" }},
		{"italian", "/seller/address/street", "IT-R-002", func(i I) { i.Seller.Address.Street = "" }},
		{"standard", "/seller/vatId", "GR-R-001-1", func(i I) { i.Seller.VATID, i.Seller.Address.Country = "EL123456783", "GR" }},
	}
}

func clone[T any](s []T) []T { return append([]T(nil), s...) }

func TestGapsNamesEveryFaultWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, d := range damages() {
		if got := places(ubl.Gaps(d.damaged())); got != d.place {
			t.Errorf("%s damaged for %s: gaps at %q, want %q", d.base, d.rule, got, d.place)
		}
	}
}

func TestGapsIsEmptyForEveryKindOfDocument(t *testing.T) {
	t.Parallel()
	for name, inv := range variety() {
		if g := ubl.Gaps(inv); len(g) > 0 {
			t.Errorf("%s: %v", name, g)
		}
	}
}

func TestGapsDoesNotAskADraftForWhatIssuingGives(t *testing.T) {
	t.Parallel()
	inv := variety()["standard"]
	inv.State, inv.Number, inv.IssuedOn, inv.DueOn, inv.Terms = billing.StateDraft, "", day(""), day(""), ""
	if got := places(ubl.Gaps(inv)); got != "" {
		t.Errorf("draft: gaps at %q", got)
	}
	inv.Seller.EndpointID, inv.Buyer.Address.Country = "", ""
	if got, want := places(ubl.Gaps(inv)), "/seller/endpointId /buyer/address/country"; got != want {
		t.Errorf("draft without data: gaps at %q, want %q", got, want)
	}
}
