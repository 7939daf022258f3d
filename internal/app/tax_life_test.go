package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// taxed words a document's taxes: "category rate base amount", one after another.
func taxed(v app.InvoiceView) string {
	var words []string
	for _, t := range v.Taxes {
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", t.Category, t.Rate.Plain(), t.Base, t.Amount, t.Reason)))
	}
	return strings.Join(words, "; ")
}

// G12's three lines of 10.01 are taxed in their sum, not line by line: 5.71.
func TestTaxByWhoBuysWhat(t *testing.T) {
	t.Parallel()
	address := func(country, vat string) string {
		return fmt.Sprintf(`{"party":{"name":"Acme","vatId":%q,"endpointId":"x","endpointScheme":"0088","contact":{},"address":{"street":"S","city":"C","postalCode":"1","country":%q}}}`, vat, country)
	}
	for name, c := range map[string]struct {
		seller   func(*billing.Seller)
		customer string
		want     string
	}{
		"at home":                              {keepPolicy, `{}`, "S 19 30.03 5.71"},
		"elsewhere in the Union with a VAT id": {keepPolicy, address("AT", "ATU1"), "AE 0 30.03 0.00 Reverse charge"},
		"elsewhere in the Union without one":   {keepPolicy, address("AT", ""), "S 19 30.03 5.71"},
		"outside the Union":                    {keepPolicy, address("CH", "CHE-1"), "G 0 30.03 0.00 Export outside the EU"},
		"outside the Union, out of scope": {
			func(s *billing.Seller) { s.Tax.Export = billing.TaxOutOfScope }, address("US", ""),
			"O 0 30.03 0.00 Not subject to VAT",
		},
		"by a seller without VAT": {
			func(s *billing.Seller) { s.Tax.Exempt = "Small business (§ 19 UStG)" }, `{}`,
			"E 0 30.03 0.00 Small business (§ 19 UStG)",
		},
		"by the customer's own rate": {keepPolicy, `{"tax_category":"S","tax_rate":"7"}`, "S 7 30.03 2.10"},
		"exempt by the customer":     {keepPolicy, `{"tax_category":"E","tax_reason":"NATO forces"}`, "E 0 30.03 0.00 NATO forces"},
		"by product category": {
			func(s *billing.Seller) { s.Tax.Rates = map[string]decimal{"licence": dec("7")} }, `{}`,
			"S 7 10.01 0.70; S 19 20.02 3.80",
		},
		"by product category, a service among them": {
			func(s *billing.Seller) { s.Tax.Rates = map[string]decimal{"service": dec("10"), "licence": dec("0")} }, `{}`,
			"S 19 20.02 3.80; Z 0 10.01 0.00",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, c.seller)
			d.recon("G000000001", mar, acme("licence", "Plan", "1", "10.01"), acme("azure", "VM", "1", "10.01"), acme("azure", "Disk", "1", "10.01"))
			d.setCustomer("Acme", c.customer)
			v := d.draft(d.run(mar), "Acme")
			if got := taxed(v); got != c.want {
				t.Errorf("taxes %q, want %q", got, c.want)
			}
			number := d.issue(v.ID)
			if got := taxed(d.show(number)); got != c.want {
				t.Errorf("issued with taxes %q, want %q", got, c.want)
			}
			note, err := d.credit(number)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.NewReplacer("30.03", "-30.03", "20.02", "-20.02", "10.01", "-10.01", "5.71", "-5.71", "3.80", "-3.80", "2.10", "-2.10", "0.70", "-0.70").Replace(c.want)
			if got := taxed(d.show(d.issue(note.ID))); got != want {
				t.Errorf("credited with taxes %q, want %q", got, want)
			}
			d.verifies(mar)
		})
	}
}

// What the customer is changes between draft and issue: the issued document has the last word.
func TestTaxIsThatOfTheDayOfIssue(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.recon("G000000001", mar, acme("licence", "Plan", "1", "100.00"))
	v := d.draft(d.run(mar), "Acme")
	d.totals(v, "100.00", "19.00", "119.00")
	d.approve(v.ID)
	d.setCustomer("Acme", `{"tax_category":"E","tax_reason":"embassy"}`)
	row, err := d.app.Issue(t.Context(), v.ID, app.Actor{})
	if err != nil {
		t.Fatal(err)
	}
	d.totals(d.show(*row.Number), "100.00", "0.00", "100.00")
	d.verifies(mar)
}
