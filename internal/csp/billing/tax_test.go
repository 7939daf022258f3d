package billing

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
)

func TestTaxFollowsBothCountries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		change   func(*Seller, *Buyer)
		category TaxCategory
		rate     string
		code     string
	}{
		{"domestic at the standard rate", func(*Seller, *Buyer) {}, TaxStandard, "19", ""},
		{"domestic at a category's own rate", func(s *Seller, _ *Buyer) { s.Tax.Rates = map[string]money.Decimal{"licence": dec("7")} }, TaxStandard, "7", ""},
		{"reverse charge in the Union with a VAT id", func(_ *Seller, b *Buyer) { b.Party.Address.Country = "at" }, TaxReverseCharge, "0", "VATEX-EU-AE"},
		{"domestic rate in the Union without one", func(_ *Seller, b *Buyer) { b.Party.Address.Country, b.Party.VATID = "AT", "" }, TaxStandard, "19", ""},
		{"reverse charge in a listed country", func(s *Seller, b *Buyer) { s.Tax.ReverseCharge, b.Party.Address.Country = []string{"CH"}, "CH" }, TaxReverseCharge, "0", "VATEX-EU-AE"},
		{"export elsewhere", func(_ *Seller, b *Buyer) { b.Party.Address.Country = "US" }, TaxExport, "0", "VATEX-EU-G"},
		{"out of scope elsewhere by policy", func(s *Seller, b *Buyer) { s.Tax.Export, b.Party.Address.Country = TaxOutOfScope, "US" }, TaxOutOfScope, "0", "VATEX-EU-O"},
		{"the buyer's own category", func(_ *Seller, b *Buyer) { b.TaxCategory = TaxIntraEU }, TaxIntraEU, "0", "VATEX-EU-IC"},
		{"an exempt seller", func(s *Seller, _ *Buyer) { s.Tax.Exempt = "§ 19 UStG" }, TaxExempt, "0", ""},
		{"a rate of 0 is zero rated", func(s *Seller, _ *Buyer) { s.Tax.Rate = dec("0") }, TaxZero, "0", ""},
		{"a seller without VAT is out of scope", func(s *Seller, _ *Buyer) { s.Tax.Rate, s.VATID = dec("0"), "" }, TaxOutOfScope, "0", "VATEX-EU-O"},
		{"a buyer without a country is domestic in a draft", func(_ *Seller, b *Buyer) { b.Party.Address.Country = "" }, TaxStandard, "19", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, b := testSeller(), testBuyer()
			c.change(&s, &b)
			got := TaxOf(s, b, "licence")
			if got.Category != c.category || got.Rate.Plain() != c.rate || got.Code != c.code {
				t.Errorf("got %s at %s (%s), want %s at %s (%s)", got.Category, got.Rate, got.Code, c.category, c.rate, c.code)
			}
		})
	}
}
