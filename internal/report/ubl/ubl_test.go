package ubl_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/ubl"
	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

func marshal(t *testing.T, inv billing.Invoice) *node {
	t.Helper()
	b, err := ubl.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	return parse(t, b)
}

func TestGoldenDocuments(t *testing.T) {
	t.Parallel()
	for name, inv := range map[string]billing.Invoice{"invoice": variety()["kinds"], "credit-note": variety()["credit-note"]} {
		got, err := ubl.Marshal(inv)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name+".xml")
		if *update {
			if err := os.WriteFile(path, got, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s differs (-want +got):\n%s", path, diff)
		}
	}
}

func TestLineQuantityAndPrice(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, quantity, unit, price, net, want string }{
		{"a price that reproduces the net is shown as it is", "744", "1 Hour", "0.0912345678", "67.88", "744 HUR x 0.0912345678"},
		{"a unit without a code stands beside it", "7", "10K", "0.5", "3.50", "7 C62 x 0.5; Unit=10K"},
		{"a gigabyte has a code", "2", "GB", "3", "6.00", "2 E34 x 3"},
		{"a gigabyte-month has none", "2", "1 GB/Month", "3", "6.00", "2 C62 x 3; Unit=1 GB/Month"},
		{"months have a code", "12", "months", "1", "12.00", "12 MON x 1"},
		{"no unit is one piece", "2", "", "3", "6.00", "2 C62 x 3"},
		{"a price that does not reproduce the net gives one piece", "1000000", "1 Hour", "0.0001", "123.45", "1 C62 x 123.45; Quantity=1000000 1 Hour; Unit price=0.0001"},
		{"0.02 off is within the slack", "1", "", "10.02", "10.00", "1 C62 x 10.02"},
		{"0.03 off is not", "1", "", "10.03", "10.00", "1 C62 x 10; Quantity=1; Unit price=10.03"},
		{"G13: a credit has a negative quantity", "-1", "", "50", "-50.00", "-1 C62 x 50"},
		{"a refund with a positive quantity becomes minus one piece", "3", "", "10", "-30.00", "-1 C62 x 30; Quantity=3; Unit price=10"},
		{"a tiny net is not hidden by the slack", "1", "", "0", "0.01", "1 C62 x 0.01; Quantity=1"},
		{"a free line keeps its quantity", "5", "", "0", "0.00", "5 C62 x 0"},
		{"a line that was credited in full says its price", "5", "", "10", "0.00", "1 C62 x 0; Quantity=5; Unit price=10"},
	} {
		l := line(c.quantity, c.price, c.net)
		l.Unit = c.unit
		n := marshal(t, invoice(l)).all("Line")[0]
		got := n.at("InvoicedQuantity") + " " + n.all("InvoicedQuantity")[0].attr["unitCode"] + " x " + n.at("Price/PriceAmount")
		for _, p := range n.all("Item/AdditionalItemProperty") {
			got += "; " + p.at("Name") + "=" + p.at("Value")
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

func TestGoldenCaseG12TaxesTheCategoryOnce(t *testing.T) {
	t.Parallel()
	l := taxed(line("1", "10.01", "10.01"), billing.TaxStandard, "19")
	n := marshal(t, invoice(l, l, l))
	got := n.at("TaxTotal/TaxSubtotal/TaxableAmount") + " " + n.at("TaxTotal/TaxAmount") + " " + n.at("LegalMonetaryTotal/PayableAmount")
	if got != "30.03 5.71 35.74" {
		t.Errorf("got %s", got)
	}
}

func TestCreditNoteTurnsTheSigns(t *testing.T) {
	t.Parallel()
	n := marshal(t, creditNote(invoice(line("10", "1.25", "12.50"), line("-1", "5", "-5.00"))))
	var got []string
	for _, path := range []string{
		"CreditNoteTypeCode", "BillingReference/InvoiceDocumentReference/ID", "BillingReference/InvoiceDocumentReference/IssueDate", "Note",
		"PaymentMeans/PaymentDueDate", "TaxTotal/TaxAmount", "LegalMonetaryTotal/PayableAmount",
	} {
		got = append(got, n.at(path))
	}
	for _, l := range n.all("Line") {
		got = append(got, l.at("CreditedQuantity")+" x "+l.at("Price/PriceAmount")+" = "+l.at("LineExtensionAmount"))
	}
	want := []string{"381", "2026-00042", "2026-04-09", "Wrong customer", "2026-05-09", "1.58", "9.08", "10 x 1.25 = 12.50", "-1 x 5 = -5.00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestCategoriesSayWhyNoTaxIsCharged(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"standard":       "S 21   | BE0477472701",
		"zero-rated":     "Z 0   | BE0477472701",
		"exempt":         "E 0  Small business, article 284 of directive 2006/112/EC | BE0477472701",
		"reverse-charge": "AE 0 VATEX-EU-AE Reverse charge | BE0477472701",
		"export":         "G 0 VATEX-EU-G Export outside the EU | BE0477472701",
		"intra-eu":       "K 0 VATEX-EU-IC Intra-Community supply | BE0477472701",
		"out-of-scope":   "O  VATEX-EU-O Not subject to VAT | ",
	} {
		n := marshal(t, variety()[name])
		c := n.all("TaxTotal/TaxSubtotal/TaxCategory")[0]
		got := strings.Join([]string{c.at("ID"), c.at("Percent"), c.at("TaxExemptionReasonCode"), c.at("TaxExemptionReason")}, " ") +
			" | " + n.at("AccountingSupplierParty/Party/PartyTaxScheme/CompanyID")
		if got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestZeroLinesAreHiddenButNeverAll(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"zero-lines": "1 2 3 | S Z", "hidden-zero-lines": "1 | S", "all-hidden": "1 2 | S"} {
		n := marshal(t, variety()[name])
		var lines, categories []string
		for _, l := range n.all("Line") {
			lines = append(lines, l.at("ID"))
		}
		for _, c := range n.all("TaxTotal/TaxSubtotal/TaxCategory") {
			categories = append(categories, c.at("ID"))
		}
		if got := strings.Join(lines, " ") + " | " + strings.Join(categories, " "); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestDocumentDetails(t *testing.T) {
	t.Parallel()
	kinds, yen, notes := marshal(t, variety()["kinds"]), marshal(t, variety()["yen"]), marshal(t, variety()["notes"])
	for _, c := range []struct{ what, got, want string }{
		{"late usage widens the period", kinds.at("InvoicePeriod/StartDate") + " " + kinds.at("InvoicePeriod/EndDate"), "2026-02-03 2026-03-31"},
		{"a conversion is noted on its line", kinds.all("Line")[5].at("Note"), "converted from USD at 0.9217 EUR per USD (ECB, 2026-03-31)"},
		{"a line without a description is named by its kind", kinds.all("Line")[3].at("Item/Name"), "carry-forward"},
		{"a product and SKU identify an item", kinds.all("Line")[6].at("Item/SellersItemIdentification/ID"), "DZH318Z0BNZ5:0001"},
		{"names keep every character", kinds.at("AccountingCustomerParty/Party/PartyName/Name"), `Fabrikam & Söhne "Cloud" <GmbH>`},
		{"other scripts too", kinds.at("AccountingCustomerParty/Party/Contact/Name"), "O'Neil 株式会社"},
		{"yen have no decimals", yen.at("LegalMonetaryTotal/PayableAmount"), "1210"},
		{"all notes are one, without control characters", notes.at("Note"), "Estimate: rated from usage before the reconciliation arrived.\nA < B & \"C\"\n全角 \uFFFD text\nReseller of record: 5550001"},
		{"a SEPA account is 58", kinds.at("PaymentMeans/PaymentMeansCode") + " " + kinds.at("PaymentMeans/PayeeFinancialAccount/ID"), "58 BE68539007547034"},
		{"other currencies are 30", yen.at("PaymentMeans/PaymentMeansCode"), "30"},
		{"what was paid is deducted", marshal(t, variety()["prepaid"]).at("LegalMonetaryTotal/PayableAmount"), "77.26"},
		{"intra-Community supplies name where they go", marshal(t, variety()["intra-eu"]).at("Delivery/DeliveryLocation/Address/Country/IdentificationCode"), "DE"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestMarshalRefusesAnUnknownType(t *testing.T) {
	t.Parallel()
	if _, err := ubl.Marshal(billing.Invoice{Type: "receipt"}); errs.CodeOf(err) != "invoice.unknown_type" {
		t.Errorf("got %v", err)
	}
}

func TestMarshalWritesADraftWithoutData(t *testing.T) {
	t.Parallel()
	if n := marshal(t, billing.Invoice{Type: billing.TypeInvoice, Currency: "EUR"}); n.at("InvoiceTypeCode") != "380" {
		t.Errorf("got %v", n)
	}
}
