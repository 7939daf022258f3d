package ubl_test

import (
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

func dec(s string) money.Decimal { return money.MustParse(s) }

func day(s string) period.Date { return period.MustDate(s) }

// invoice is a complete invoice from a Belgian seller to a German buyer: every test starts from it.
func invoice(lines ...billing.Line) billing.Invoice {
	return totalled(billing.Invoice{
		Number: "2026-00042", Type: billing.TypeInvoice, State: billing.StateIssued, Period: period.MustMonth("2026-03"),
		Seller: billing.Party{
			Name: "Nordlicht Cloud", LegalName: "Nordlicht Cloud BV", VATID: "BE 0477 472 701", CompanyID: "0477.472.701",
			Address:    billing.Address{Street: "Kaai 7", City: "Gent", PostalCode: "9000", Region: "Oost-Vlaanderen", Country: "BE"},
			EndpointID: "0477472701", EndpointScheme: "0208",
			Contact: billing.Contact{Name: "Billing desk", Phone: "+32 9 000 00 00", Email: "billing@nordlicht.example"},
		},
		Bank: billing.Bank{AccountName: "Nordlicht Cloud", IBAN: "BE68 5390 0754 7034", BIC: "GKCCBEBB"},
		Buyer: billing.Party{
			Name: "Fabrikam & Söhne \"Cloud\" <GmbH>", VATID: "DE123456789", CompanyID: "HRB 1234",
			Address:    billing.Address{Street: "Allee 1", Additional: "2. OG", City: "Köln", PostalCode: "50667", Country: "DE"},
			EndpointID: "DE123456789", EndpointScheme: "9930", Contact: billing.Contact{Name: "O'Neil 株式会社"},
		},
		BuyerReference: "PO-desk", OrderReference: "4500012345", Currency: "EUR",
		IssuedOn: day("2026-04-09"), DueOn: day("2026-05-09"), Terms: "30 days net",
		ServiceFrom: day("2026-03-01"), ServiceTo: day("2026-03-31"), Lines: lines,
	})
}

// line is a standard-rated line with a net that its quantity and price may or may not reproduce.
func line(quantity, price, net string) billing.Line {
	return billing.Line{
		Kind: billing.KindCharge, Category: "Azure plan", Group: "Virtual Machines", Description: "D4s v5, west Europe",
		ServiceFrom: day("2026-03-01"), ServiceTo: day("2026-03-31"), Quantity: dec(quantity), Unit: "1 Hour",
		UnitPrice: dec(price), Net: dec(net), Tax: billing.TaxStandard, TaxRate: dec("21"),
	}
}

func taxed(l billing.Line, c billing.TaxCategory, rate string) billing.Line {
	l.Tax, l.TaxRate = c, dec(rate)
	return l
}

// totalled numbers the lines and sums the document as billing does: one subtotal for each category and rate, its tax
// rounded once.
func totalled(inv billing.Invoice) billing.Invoice {
	inv.Taxes, inv.Net, inv.Tax = nil, dec("0"), dec("0")
	inv.Lines = slices.Clone(inv.Lines)
	for i, l := range inv.Lines {
		inv.Lines[i].N = i + 1
		inv.Net = inv.Net.Add(l.Net)
		k := slices.IndexFunc(inv.Taxes, func(t billing.TaxSubtotal) bool { return t.Category == l.Tax && t.Rate.Equal(l.TaxRate) })
		if k < 0 {
			k = len(inv.Taxes)
			inv.Taxes = append(inv.Taxes, billing.TaxSubtotal{Category: l.Tax, Rate: l.TaxRate})
			if l.Tax == billing.TaxExempt {
				inv.Taxes[k].Reason = "Small business, article 284 of directive 2006/112/EC"
			}
		}
		inv.Taxes[k].Base = inv.Taxes[k].Base.Add(l.Net)
	}
	for k, t := range inv.Taxes {
		inv.Taxes[k].Amount = t.Base.Mul(t.Rate).Mul(dec("0.01")).Round(money.HalfUp, min(2, inv.Currency.MinorUnits()))
		inv.Tax = inv.Tax.Add(inv.Taxes[k].Amount)
	}
	inv.Gross = inv.Net.Add(inv.Tax)
	return inv
}

// creditNote turns an invoice into the credit note that takes it back.
func creditNote(inv billing.Invoice) billing.Invoice {
	inv.Corrects = &billing.Reference{Number: inv.Number, IssuedOn: inv.IssuedOn}
	inv.Type, inv.Number, inv.Reason = billing.TypeCreditNote, "CN-2026-003", "Wrong customer"
	inv.Lines = slices.Clone(inv.Lines)
	for i, l := range inv.Lines {
		inv.Lines[i].Quantity, inv.Lines[i].Net = l.Quantity.Neg(), l.Net.Neg()
	}
	return totalled(inv)
}
