package billing

import (
	"cmp"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// Taxation is how one line is taxed and why.
type Taxation struct {
	Category TaxCategory
	Rate     money.Decimal // percent
	Reason   string        // why no tax is charged
	Code     string        // VATEX code
}

// euCountries are the member states; Greece is GR in addresses and EL in VAT ids.
var euCountries = map[string]bool{
	"AT": true, "BE": true, "BG": true, "HR": true, "CY": true, "CZ": true, "DK": true, "EE": true, "FI": true,
	"FR": true, "DE": true, "GR": true, "EL": true, "HU": true, "IE": true, "IT": true, "LV": true, "LT": true,
	"LU": true, "MT": true, "NL": true, "PL": true, "PT": true, "RO": true, "SK": true, "SI": true, "ES": true, "SE": true,
}

// reasons are the words and VATEX codes of the categories without tax; Z needs none (BR-Z-10 forbids them).
var reasons = map[TaxCategory]Taxation{
	TaxReverseCharge: {Reason: "Reverse charge", Code: "VATEX-EU-AE"},
	TaxIntraEU:       {Reason: "Intra-Community supply", Code: "VATEX-EU-IC"},
	TaxExport:        {Reason: "Export outside the EU", Code: "VATEX-EU-G"},
	TaxOutOfScope:    {Reason: "Not subject to VAT", Code: "VATEX-EU-O"},
	TaxExempt:        {Reason: "Exempt from VAT"},
}

// TaxOf says how the seller taxes a product category sold to the buyer: the buyer's own setting first, then the
// seller's exemption, then domestic rate, reverse charge or export by the two countries. A buyer without a country is
// taxed as a domestic one in a draft; ReadyToIssue names the gap.
func TaxOf(s Seller, b Buyer, category string) Taxation {
	switch {
	case b.TaxCategory != "":
		return b.ownTaxation(s, category)
	case s.Tax.Exempt != "":
		return Taxation{Category: TaxExempt, Reason: s.Tax.Exempt}
	}
	home, away := country(s.Address.Country), country(b.Party.Address.Country)
	switch {
	case away == "" || away == home:
		return domestic(s, category)
	case b.Party.VATID != "" && s.Tax.reverses(home, away):
		return withReason(TaxReverseCharge)
	case euCountries[home] && euCountries[away]:
		return domestic(s, category) // without a VAT id a buyer elsewhere in the Union is taxed as at home
	case s.Tax.Export == TaxOutOfScope:
		return withReason(TaxOutOfScope)
	}
	return withReason(TaxExport)
}

func country(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }

// ownTaxation is the buyer's setting, with the seller's rate where category S names none.
func (b Buyer) ownTaxation(s Seller, category string) Taxation {
	t := withReason(b.TaxCategory)
	if b.TaxCategory == TaxStandard {
		t.Rate = s.Tax.rateOf(category)
		if b.TaxRate != nil {
			t.Rate = *b.TaxRate
		}
	}
	if b.TaxReason != "" && b.TaxCategory != TaxStandard && b.TaxCategory != TaxZero {
		t.Reason = b.TaxReason
	}
	return t
}

func withReason(c TaxCategory) Taxation {
	t := reasons[c]
	t.Category = c
	return t
}

// domestic is the standard rate. A rate of 0 is category Z, or O for a seller without a VAT id.
func domestic(s Seller, category string) Taxation {
	rate := s.Tax.rateOf(category)
	switch {
	case rate.Sign() > 0:
		return Taxation{Category: TaxStandard, Rate: rate}
	case s.VATID == "":
		return withReason(TaxOutOfScope)
	}
	return Taxation{Category: TaxZero}
}

func (p TaxPolicy) rateOf(category string) money.Decimal {
	if rate, ok := p.Rates[category]; ok {
		return rate
	}
	return p.Rate
}

func (p TaxPolicy) reverses(home, away string) bool {
	return slices.ContainsFunc(p.ReverseCharge, func(listed string) bool {
		listed = country(listed)
		return listed == away || listed == "EU" && euCountries[home] && euCountries[away]
	})
}

// taxKey is what a tax subtotal is made for (BR-CO-17): one category and rate.
type taxKey struct {
	category TaxCategory
	rate     string
}

func keyOfTax(c TaxCategory, rate money.Decimal) taxKey { return taxKey{c, rate.Plain()} }

// Subtotals adds the lines' net amounts up by tax category and rate and taxes each sum once, half-up to the currency's
// minor units. Why gives the reason of a category without tax; nil: the usual ones.
func Subtotals(lines []Line, c money.Currency, why map[TaxCategory]Taxation) []TaxSubtotal {
	sums := map[taxKey]*TaxSubtotal{}
	for i := range lines {
		l := &lines[i]
		key := keyOfTax(l.Tax, l.TaxRate)
		if sums[key] == nil {
			t, ok := why[l.Tax]
			if !ok {
				t = reasons[l.Tax]
			}
			sums[key] = &TaxSubtotal{Category: l.Tax, Rate: l.TaxRate, Reason: t.Reason, Code: t.Code}
		}
		sums[key].Base = sums[key].Base.Add(l.Net)
	}
	list := make([]TaxSubtotal, 0, len(sums))
	for _, t := range sums {
		t.Base = exactly(t.Base, c)
		t.Amount = exactly(t.Base.Mul(t.Rate.MulExact(money.New(1, -2))).Round(money.HalfUp, c.MinorUnits()), c)
		list = append(list, *t)
	}
	slices.SortFunc(list, func(a, b TaxSubtotal) int {
		return cmp.Or(cmp.Compare(a.Category, b.Category), a.Rate.Cmp(b.Rate))
	})
	return list
}

// exactly gives a rounded amount the decimals of the currency's minor unit, so that 50 EUR is stored as 50.00.
func exactly(a money.Decimal, c money.Currency) money.Decimal {
	return money.MustParse(a.Fixed(c.MinorUnits()))
}

// total sets net, tax and gross from lines and tax subtotals.
func (i *Invoice) total() {
	var net, tax money.Decimal
	for k := range i.Lines {
		net = net.Add(i.Lines[k].Net)
	}
	for k := range i.Taxes {
		tax = tax.Add(i.Taxes[k].Amount)
	}
	i.Net, i.Tax = exactly(net, i.Currency), exactly(tax, i.Currency)
	i.Gross = exactly(net.Add(tax), i.Currency)
}
