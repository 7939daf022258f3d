package ubl_test

import (
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/report/ubl"
	"pgregory.net/rapid"
)

// order is the sequence of UBL 2.1's schemas, as far as we write it.
var order = map[string]string{
	"Invoice": "CustomizationID ProfileID ID IssueDate DueDate InvoiceTypeCode Note DocumentCurrencyCode BuyerReference InvoicePeriod " +
		"OrderReference BillingReference AccountingSupplierParty AccountingCustomerParty Delivery PaymentMeans PaymentTerms TaxTotal LegalMonetaryTotal InvoiceLine",
	"CreditNote": "CustomizationID ProfileID ID IssueDate CreditNoteTypeCode Note DocumentCurrencyCode BuyerReference InvoicePeriod " +
		"OrderReference BillingReference AccountingSupplierParty AccountingCustomerParty Delivery PaymentMeans PaymentTerms TaxTotal LegalMonetaryTotal CreditNoteLine",
	"Party":                  "EndpointID PartyName PostalAddress PartyTaxScheme PartyLegalEntity Contact",
	"PostalAddress":          "StreetName AdditionalStreetName CityName PostalZone CountrySubentity Country",
	"PartyTaxScheme":         "CompanyID TaxScheme",
	"PartyLegalEntity":       "RegistrationName CompanyID",
	"Contact":                "Name Telephone ElectronicMail",
	"PaymentMeans":           "PaymentMeansCode PaymentDueDate PaymentID PayeeFinancialAccount",
	"PayeeFinancialAccount":  "ID Name FinancialInstitutionBranch",
	"TaxTotal":               "TaxAmount TaxSubtotal",
	"TaxSubtotal":            "TaxableAmount TaxAmount TaxCategory",
	"TaxCategory":            "ID Percent TaxExemptionReasonCode TaxExemptionReason TaxScheme",
	"ClassifiedTaxCategory":  "ID Percent TaxScheme",
	"LegalMonetaryTotal":     "LineExtensionAmount TaxExclusiveAmount TaxInclusiveAmount PrepaidAmount PayableAmount",
	"InvoiceLine":            "ID Note InvoicedQuantity LineExtensionAmount InvoicePeriod Item Price",
	"CreditNoteLine":         "ID Note CreditedQuantity LineExtensionAmount InvoicePeriod Item Price",
	"InvoicePeriod":          "StartDate EndDate",
	"Item":                   "Description Name SellersItemIdentification ClassifiedTaxCategory AdditionalItemProperty",
	"AdditionalItemProperty": "Name Value", "Price": "PriceAmount", "OrderReference": "ID", "BillingReference": "InvoiceDocumentReference",
	"InvoiceDocumentReference": "ID IssueDate", "AccountingSupplierParty": "Party", "AccountingCustomerParty": "Party", "PartyName": "Name",
	"PaymentTerms": "Note", "Country": "IdentificationCode", "TaxScheme": "ID", "FinancialInstitutionBranch": "ID", "SellersItemIdentification": "ID",
	"Delivery": "DeliveryLocation", "DeliveryLocation": "Address", "Address": "StreetName AdditionalStreetName CityName PostalZone CountrySubentity Country",
}

// reporter is what testing.T and rapid.T share.
type reporter interface {
	Errorf(string, ...any)
	Fatalf(string, ...any)
}

// obey checks the rules that do not need the published files: arithmetic, decimals, prices, periods, order.
func obey(t reporter, name string, b []byte) {
	n := parse(t, b)
	equal := func(rule string, got, want money.Decimal) {
		if !got.Equal(want) {
			t.Errorf("%s: %s: %s, want %s", name, rule, got, want)
		}
	}
	net, gross, tax := n.amount("LegalMonetaryTotal/LineExtensionAmount"), n.amount("LegalMonetaryTotal/TaxInclusiveAmount"), n.amount("TaxTotal/TaxAmount")
	equal("BR-CO-10", net, n.sum("Line/LineExtensionAmount"))
	equal("BR-CO-13", n.amount("LegalMonetaryTotal/TaxExclusiveAmount"), net)
	equal("BR-CO-14", tax, n.sum("TaxTotal/TaxSubtotal/TaxAmount"))
	equal("BR-CO-15", gross, net.Add(tax))
	equal("BR-CO-16", n.amount("LegalMonetaryTotal/PayableAmount"), gross.Sub(n.amount("LegalMonetaryTotal/PrepaidAmount")))
	decimals := int32(2)
	if n.at("DocumentCurrencyCode") == "JPY" {
		decimals = 0
	}
	for _, s := range n.all("TaxTotal/TaxSubtotal") {
		product := s.amount("TaxableAmount").Mul(s.amount("TaxCategory/Percent")).Mul(dec("0.01"))
		equal("BR-CO-17", s.amount("TaxAmount"), product.Round(money.HalfUp, decimals))
	}
	lines := n.all("Line")
	if len(lines) == 0 {
		t.Errorf("%s: BR-16: no line", name)
	}
	for _, l := range lines {
		obeyLine(t, name, n, l)
	}
	n.walk(func(e *node) { obeyElement(t, name, e) })
}

func obeyLine(t reporter, name string, doc, l *node) {
	price, quantity := l.amount("Price/PriceAmount"), l.amount("InvoicedQuantity").Add(l.amount("CreditedQuantity"))
	if price.Sign() < 0 {
		t.Errorf("%s: BR-27: price %s", name, price)
	}
	if off := quantity.MulExact(price).Sub(l.amount("LineExtensionAmount")).Abs(); off.Cmp(dec("0.02")) > 0 {
		t.Errorf("%s: R120: line %s is off by %s", name, l.at("ID"), off)
	}
	from, to := l.at("InvoicePeriod/StartDate"), l.at("InvoicePeriod/EndDate")
	if from != "" && from < doc.at("InvoicePeriod/StartDate") || to > doc.at("InvoicePeriod/EndDate") {
		t.Errorf("%s: R110, R111: line %s lies outside of the period", name, l.at("ID"))
	}
}

func obeyElement(t reporter, name string, e *node) {
	if len(e.children) == 0 && strings.TrimSpace(e.text) == "" {
		t.Errorf("%s: R008: %s is empty", name, e.name)
	}
	if _, fraction, _ := strings.Cut(e.text, "."); strings.HasSuffix(e.name, "Amount") && e.name != "PriceAmount" && len(fraction) > 2 {
		t.Errorf("%s: BR-DEC: %s is %s", name, e.name, e.text)
	}
	if len(e.children) == 0 {
		return
	}
	want, at := strings.Fields(order[e.name]), 0
	for _, c := range e.children {
		for at < len(want) && want[at] != c.name {
			at++
		}
		if at == len(want) {
			t.Fatalf("%s: %s does not belong there in %s", name, c.name, e.name)
		}
	}
}

func TestEveryKindOfDocumentAddsUpAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	for name, inv := range variety() {
		b, err := ubl.Marshal(inv)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		obey(t, name, b)
	}
}

func TestRandomDocumentsAddUpAndKeepTheOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := random(t)
		if g := ubl.Gaps(inv); len(g) > 0 {
			t.Fatalf("gaps: %v", g)
		}
		first, err := ubl.Marshal(inv)
		if err != nil {
			t.Fatalf("marshal: %v", err)
		}
		obey(t, "random", first)
		if second, _ := ubl.Marshal(inv); string(first) != string(second) {
			t.Fatalf("the same invoice gave other bytes")
		}
	})
}

func TestMarshalLeavesTheInvoiceAsItWas(t *testing.T) {
	t.Parallel()
	inv := variety()["credit-note"]
	if _, err := ubl.Marshal(inv); err != nil {
		t.Fatal(err)
	}
	if got := inv.Lines[0].Net.String() + " " + inv.Lines[0].Quantity.String(); got != "-12.50 -10" {
		t.Errorf("line is now %s", got)
	}
}

// counter counts faults in the place of a test.
type counter struct{ faults int }

func (c *counter) Errorf(string, ...any) { c.faults++ }
func (c *counter) Fatalf(string, ...any) { c.faults++ }

func TestOurOwnRulesCanFail(t *testing.T) {
	t.Parallel()
	b, err := ubl.Marshal(variety()["several-rates"])
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`>47.53</cbc:LineExtensionAmount`, `>47.54</cbc:LineExtensionAmount`},
		{`>47.53</cbc:TaxExclusiveAmount`, `>47.54</cbc:TaxExclusiveAmount`},
		{`>4.43</cbc:TaxAmount`, `>4.44</cbc:TaxAmount`},
		{`>51.96</cbc:PayableAmount`, `>51.95</cbc:PayableAmount`},
		{`>1.25</cbc:PriceAmount`, `>-1.25</cbc:PriceAmount`},
		{`>10.01</cbc:PriceAmount`, `>10.02</cbc:PriceAmount`},
		{"<cbc:StartDate>2026-03-01</cbc:StartDate>", "<cbc:StartDate>2026-03-02</cbc:StartDate>"},
		{"<cbc:Name>D4s v5, west Europe", "<cbc:Name></cbc:Name><cbc:Name>"},
		{"cbc:IssueDate", "cbc:DueDate"},
		{`>12.50</cbc:LineExtensionAmount`, `>12.500</cbc:LineExtensionAmount`},
	} {
		broken := strings.Replace(string(b), change[0], change[1], 1)
		if change[0] == "cbc:IssueDate" {
			broken = strings.ReplaceAll(strings.ReplaceAll(string(b), "DueDate", "SwapDate"), "IssueDate", "DueDate")
		}
		c := &counter{}
		if obey(c, "broken", []byte(broken)); c.faults == 0 || broken == string(b) {
			t.Errorf("nothing found after %s became %s", change[0], change[1])
		}
	}
}
