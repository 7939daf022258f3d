// Package reporttest holds what the tests of the document formats share: sample invoices, random ones, and the words of
// a PDF. It is for tests alone.
package reporttest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

func d(s string) money.Decimal { return money.MustParse(s) }

// Logo is a PNG of our own: a mark of three bars.
func Logo() ([]byte, error) {
	img := image.NewNRGBA(image.Rect(0, 0, 320, 96))
	for i, c := range []color.NRGBA{{24, 72, 120, 255}, {52, 120, 180, 255}, {150, 190, 225, 255}} {
		for y := 20 * i; y < 96; y++ {
			for x := range 26 {
				img.Set(34*i+x, y, c)
			}
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}

// March is an invoice of a month with two groups, a refund, a conversion and usage.
func March() *billing.Invoice {
	day := period.MustDate
	return &billing.Invoice{
		ID: "inv_01", Number: "INV-2026-00042", Type: billing.TypeInvoice, State: billing.StateIssued,
		Period: period.MustMonth("2026-03"), CustomerID: "cus_7h3k", TenantID: "5f2b6c1e-8a55-4d0c-9a57-0d7d2f0a9c11",
		ResellerMpnID: "4847383",
		Seller: billing.Party{
			Name: "Nordlicht Cloud", LegalName: "Nordlicht Cloud Services GmbH", VATID: "DE811111111", CompanyID: "HRB 12345",
			Address: billing.Address{Street: "Speicherstraße 5", City: "Hamburg", PostalCode: "20457", Country: "DE"},
			Contact: billing.Contact{Name: "Accounts receivable", Phone: "+49 40 555 0100", Email: "billing@nordlicht.example"},
		},
		Bank: billing.Bank{AccountName: "Nordlicht Cloud Services GmbH", IBAN: "DE89370400440532013000", BIC: "COBADEFFXXX"},
		Buyer: billing.Party{
			Name: "Müller, Söhne & Co. KG", VATID: "DE822222222",
			Address: billing.Address{Street: "Lindenallee 12", City: "Köln", PostalCode: "50668", Country: "DE"},
			Contact: billing.Contact{Name: "Frau Weiß", Email: "rechnung@mueller-soehne.example"},
		},
		BuyerReference: "04011000-12345-34", OrderReference: "PO-4711", Currency: "EUR",
		IssuedOn: day("2026-04-03"), DueOn: day("2026-05-03"), Terms: "Payable within 30 days, net.",
		ServiceFrom: day("2026-03-01"), ServiceTo: day("2026-03-31"),
		Lines: []billing.Line{
			line(1, "Azure plan", "Virtual Machines: D4s v5, EU West", "744", "1 Hour", "0.2134", "158.77"),
			line(2, "Azure plan", "Storage: Hot LRS data stored", "1024.55", "1 GB/Month", "0.0184", "18.85"),
			line(3, "Licences", "Microsoft 365 Business Premium, annual commitment, billed monthly", "25", "User", "20.60", "515.00"),
			line(4, "Licences", "Microsoft 365 Business Premium: seats removed", "-2", "User", "20.60", "-41.20"),
		},
		Taxes: []billing.TaxSubtotal{{Category: billing.TaxStandard, Rate: d("19"), Base: d("651.42"), Amount: d("123.77")}},
		Net:   d("651.42"), Tax: d("123.77"), Gross: d("775.19"),
		Notes: []string{"Thank you for your business. Questions about this invoice: billing@nordlicht.example."},
		Usage: []billing.UsageSummary{
			{Service: "Storage", Meter: "Hot LRS Data Stored", Unit: "1 GB/Month", Quantity: d("1024.55"), Amount: d("18.85")},
			{Service: "Virtual Machines", Meter: "D4s v5", Unit: "1 Hour", Quantity: d("744"), Amount: d("158.77")},
		},
		CreatedAt: time.Date(2026, 4, 2, 8, 0, 0, 0, time.UTC), IssuedAt: time.Date(2026, 4, 3, 9, 30, 0, 0, time.UTC),
	}
}

func line(n int, group, text, quantity, unit, price, net string) billing.Line {
	return billing.Line{
		N: n, Kind: billing.KindCharge, Category: group, Group: group, Description: text,
		ServiceFrom: period.MustDate("2026-03-01"), ServiceTo: period.MustDate("2026-03-31"),
		Quantity: d(quantity), Unit: unit, UnitPrice: d(price), Net: d(net), Tax: billing.TaxStandard, TaxRate: d("19"),
	}
}

// Long is an invoice of n lines in eight groups.
func Long(n int) *billing.Invoice {
	inv := March()
	inv.Lines, inv.Usage = nil, nil
	services := []string{
		"Virtual Machines", "Storage", "Azure SQL Database", "Bandwidth", "Azure Kubernetes Service", "Key Vault", "Log Analytics", "Licences",
	}
	var net money.Decimal
	for i := range n {
		group := services[i*len(services)/n]
		l := line(i+1, group, fmt.Sprintf("%s: meter %d, Standard tier, Europe West, zone redundant", group, i+1),
			fmt.Sprintf("%d.5", 10+i*7), "100 Hours", "1.2345", fmt.Sprintf("%d.%02d", i*3, i%100))
		inv.Lines = append(inv.Lines, l)
		net = net.Add(l.Net)
		inv.Usage = append(inv.Usage, billing.UsageSummary{
			Service: group, Meter: fmt.Sprintf("Meter %d", i+1), Unit: "100 Hours", Quantity: l.Quantity, Amount: l.Net,
		})
	}
	tax := net.Mul(d("0.19")).Round(money.HalfUp, 2)
	inv.Taxes = []billing.TaxSubtotal{{Category: billing.TaxStandard, Rate: d("19"), Base: net, Amount: tax}}
	inv.Net, inv.Tax, inv.Gross = net, tax, net.Add(tax)
	return inv
}

// Credit is a credit note over two lines of March.
func Credit() *billing.Invoice {
	inv := March()
	inv.Type, inv.Number = billing.TypeCreditNote, "CN-2026-00003"
	inv.Corrects = &billing.Reference{Number: "INV-2026-00042", IssuedOn: period.MustDate("2026-04-03")}
	inv.Reason = "Late usage correction from Microsoft for March 2026."
	inv.Lines = []billing.Line{line(1, "Azure plan", "Virtual Machines: D4s v5, EU West", "-744", "1 Hour", "0.2134", "-1158.77")}
	inv.Taxes = []billing.TaxSubtotal{{Category: billing.TaxStandard, Rate: d("19"), Base: d("-1158.77"), Amount: d("-220.17")}}
	inv.Net, inv.Tax, inv.Gross, inv.Usage = d("-1158.77"), d("-220.17"), d("-1378.94"), nil
	return inv
}

// Abroad is an estimate in dinars to a Greek buyer with a Polish seller and a Japanese contact.
func Abroad() *billing.Invoice {
	inv := March()
	inv.State, inv.Number, inv.Estimate, inv.Currency = billing.StateDraft, "", true, "KWD"
	inv.Seller.Name, inv.Seller.LegalName = "Łódź Sp. z o.o., oddział II", ""
	inv.Buyer.Name, inv.Buyer.LegalName = "Ελληνική Εταιρεία ΑΕ", "株式会社サンプル"
	inv.HideZeroLines = true
	inv.Lines = append(inv.Lines, line(5, "Licences", "Free trial", "1", "User", "0", "0"))
	for i := range inv.Lines {
		inv.Lines[i].Tax, inv.Lines[i].TaxRate = billing.TaxReverseCharge, money.Zero
		inv.Lines[i].SubscriptionID = "b2f0a3c4-5d6e-4f70-8a9b-0c1d2e3f4a5b"
		from, rate := money.Currency("USD"), d("0.30712")
		if i%2 == 1 {
			from, rate = "EUR", d("0.3345")
		}
		inv.Lines[i].Exchange = &billing.Exchange{From: from, Amount: d("987.654321"), Rate: rate, Source: "Microsoft", On: period.MustDate("2026-03-01")}
	}
	inv.Taxes = []billing.TaxSubtotal{{
		Category: billing.TaxReverseCharge, Base: d("651.420"),
		Reason: "Reverse charge: the recipient is liable for the tax (Article 196, Council Directive 2006/112/EC).",
	}}
	inv.Net, inv.Tax, inv.Gross = d("651.42"), money.Zero, d("651.42")
	return inv
}

// Wordy is an invoice whose names and descriptions are far too long.
func Wordy() *billing.Invoice {
	inv := March()
	inv.Number = "INV-2026-RESELLER-CHANNEL-NORTH-000000000042"
	inv.Seller.Name = "Gesellschaft für außerordentlich umfassende Cloud-Dienstleistungen und Beratung mbH & Co. Kommanditgesellschaft auf Aktien"
	inv.Buyer.Name = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft Österreich, Zweigniederlassung Wien-Favoriten"
	inv.Buyer.Contact.Email = "accounts.payable.central.invoice.processing.department@donaudampfschifffahrt.example"
	inv.Lines[0].Description = "Virtual Machines: Standard_D64ads_v5 with Windows Server Datacenter and SQL Server Enterprise, West Europe, " +
		"reserved capacity overage, resource /subscriptions/5f2b6c1e-8a55-4d0c-9a57-0d7d2f0a9c11/resourceGroups/rg-production/providers/Microsoft.Compute/virtualMachines/sql-01"
	inv.Lines[0].Unit = "10,000,000 Transactions per Month"
	inv.Lines[1].Quantity, inv.Lines[1].UnitPrice = d("123456789.0123456789"), d("0.0000000042")
	inv.Lines[2].Net = d("123456789012.34")
	inv.Notes = append(inv.Notes, "A second, much longer note that the seller prints on all documents so that it takes more than one line of the page and shows how paragraphs wrap here.")
	inv.Taxes = append(inv.Taxes,
		billing.TaxSubtotal{Category: billing.TaxExempt, Base: d("12.00"), Reason: "Exempt under Article 132 of the directive, as the seller states."},
		billing.TaxSubtotal{Category: billing.TaxStandard, Rate: d("7.5"), Base: d("123456789012.34"), Amount: d("9259259175.93")})
	inv.Paid = d("100")
	return inv
}
