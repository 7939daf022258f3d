package ubl_test

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"pgregory.net/rapid"
)

// variety is one document of every kind that billing makes.
func variety() map[string]billing.Invoice {
	plain := line("10", "1.25", "12.50")
	all := map[string]billing.Invoice{
		"standard":       invoice(plain, line("744", "0.0912345678", "67.88")),
		"several-rates":  invoice(plain, taxed(line("3", "10.01", "30.03"), billing.TaxStandard, "6"), taxed(line("1", "5", "5.00"), billing.TaxZero, "0")),
		"reverse-charge": invoice(taxed(plain, billing.TaxReverseCharge, "0")),
		"exempt":         invoice(taxed(plain, billing.TaxExempt, "0")),
		"export":         abroad(taxed(plain, billing.TaxExport, "0")),
		"intra-eu":       invoice(taxed(plain, billing.TaxIntraEU, "0")),
		"out-of-scope":   abroad(taxed(plain, billing.TaxOutOfScope, "0")),
		"zero-rated":     invoice(taxed(plain, billing.TaxZero, "0")),
		"four-decimals":  invoice(line("1234.5678", "0.0001", "0.12"), line("0.3333", "29.9999", "10.00")),
		"irreproducible": invoice(line("1000000", "0.0001", "123.45"), line("3", "10", "-30.00")),
		"credit-note":    creditNote(invoice(plain, line("-1", "50", "-50.00"), line("1000000", "0.0001", "123.45"))),
		"refunds":        invoice(line("1", "100", "100.00"), line("-1", "50", "-50.00")),
		"negative-total": invoice(line("-2", "40", "-80.00"), plain),
		"zero-lines":     invoice(plain, line("5", "0", "0.00"), taxed(line("5", "0", "0"), billing.TaxZero, "0")),
		"only-zero":      invoice(line("5", "0", "0.00"), line("0", "0", "0")),
	}
	add := func(name string, base billing.Invoice, change func(*billing.Invoice)) {
		change(&base)
		all[name] = base
	}
	add("hidden-zero-lines", all["zero-lines"], func(i *billing.Invoice) { i.HideZeroLines = true })
	add("all-hidden", all["only-zero"], func(i *billing.Invoice) { i.HideZeroLines = true })
	add("prepaid", all["standard"], func(i *billing.Invoice) { i.Paid = dec("20.00") })
	add("paid", all["standard"], func(i *billing.Invoice) { i.Paid = i.Gross })
	add("credit-note-prepaid", all["credit-note"], func(i *billing.Invoice) { i.Paid = dec("-1.00") })
	add("credit-note-reverse-charge", creditNote(all["reverse-charge"]), func(*billing.Invoice) {})
	add("credit-note-out-of-scope", creditNote(all["out-of-scope"]), func(*billing.Invoice) {})
	add("credit-note-intra-eu", creditNote(all["intra-eu"]), func(*billing.Invoice) {})
	add("credit-note-without-original", all["credit-note"], func(i *billing.Invoice) { i.Corrects = nil })
	add("no-bank", all["standard"], func(i *billing.Invoice) { i.Bank = billing.Bank{} })
	add("no-period", all["standard"], func(i *billing.Invoice) { i.ServiceFrom, i.ServiceTo = day(""), day("") })
	add("terms-only", all["standard"], func(i *billing.Invoice) { i.DueOn = day("") })
	add("order-only", all["standard"], func(i *billing.Invoice) { i.BuyerReference = " " })
	add("notes", all["standard"], func(i *billing.Invoice) {
		i.Notes, i.Estimate, i.ResellerMpnID = []string{"A < B & \"C\"", "", "全角 \x01 text"}, true, "5550001"
	})
	add("yen", invoice(line("3", "333", "999"), line("1", "0.5", "1")), func(i *billing.Invoice) { i.Currency = "JPY"; *i = totalled(*i) })
	add("krone", all["standard"], func(i *billing.Invoice) { i.Currency = "DKK" })
	add("kinds", invoice(kinds()...), func(*billing.Invoice) {})
	add("german", all["standard"], german)
	add("german-credit-note", all["credit-note"], german)
	add("danish", all["standard"], danish)
	add("danish-credit-note", all["credit-note"], danish)
	add("dutch", all["standard"], dutch)
	add("dutch-credit-note", all["credit-note"], dutch)
	add("swedish", all["standard"], swedish)
	add("norwegian", all["standard"], norwegian)
	add("icelandic", all["standard"], icelandic)
	add("italian", all["standard"], func(i *billing.Invoice) {
		i.Seller.VATID, i.Seller.Address.Country = "IT01234567890", "IT"
	})
	return all
}

// kinds has a line of each kind, with conversions, late usage and every sort of unit.
func kinds() []billing.Line {
	fee, service, correction, carried, rounding := line("1", "17.5", "17.50"), line("4.5", "80", "360.00"), line("-3", "2", "-6.00"),
		line("-1", "12.34", "-12.34"), line("1", "0.01", "0.01")
	fee.Kind, fee.Description, fee.Unit = billing.KindMinimumFee, "Minimum fee", ""
	service.Kind, service.Unit, service.ServiceID = billing.KindService, "hours", "svc_1"
	correction.Kind, correction.ServiceFrom, correction.ServiceTo = billing.KindCorrection, day("2026-02-03"), day("2026-02-28")
	carried.Kind, carried.Description, carried.Group, carried.Category = billing.KindCarryForward, "", "", ""
	rounding.Kind, rounding.ServiceFrom, rounding.ServiceTo = billing.KindRounding, day(""), day("")
	converted, storage, pack := line("1", "92.17", "92.17"), line("12.25", "0.2", "2.45"), line("7", "0.5", "3.50")
	converted.Exchange = &billing.Exchange{From: "USD", Amount: dec("100"), Rate: dec("0.9217"), Source: "ECB", On: day("2026-03-31")}
	storage.Unit, storage.ProductID, storage.SkuID = "1 GB/Month", "DZH318Z0BNZ5", "0001"
	pack.Unit, pack.ProductID, pack.ServiceFrom = "10K", "CFQ7TTC0LF8R", day("2026-03-15")
	return []billing.Line{fee, service, correction, carried, rounding, converted, storage, pack}
}

// abroad is an invoice to a customer outside of the Union, without a VAT id.
func abroad(lines ...billing.Line) billing.Invoice {
	inv := invoice(lines...)
	inv.Buyer.Address, inv.Buyer.VATID = billing.Address{Street: "1 Main St", City: "Springfield", Region: "IL", PostalCode: "62701", Country: "US"}, ""
	inv.Buyer.EndpointID, inv.Buyer.EndpointScheme = "5790000435975", "0088"
	return inv
}

func german(i *billing.Invoice) {
	i.Seller.VATID, i.Seller.Address.Country, i.Seller.CompanyID = "DE123456789", "DE", "HRB 99"
	i.Seller.EndpointID, i.Seller.EndpointScheme = "DE123456789", "9930"
	i.BuyerReference = "04011000-12345-03"
}

func danish(i *billing.Invoice) {
	for _, p := range []*billing.Party{&i.Seller, &i.Buyer} {
		p.VATID, p.Address.Country, p.CompanyID, p.EndpointID, p.EndpointScheme = "DK12345674", "DK", "DK12345674", "DK12345674", "0184"
	}
	i.Currency = "DKK"
}

func dutch(i *billing.Invoice) {
	for _, p := range []*billing.Party{&i.Seller, &i.Buyer} {
		p.VATID, p.Address.Country, p.CompanyID, p.EndpointID, p.EndpointScheme = "NL123456789B01", "NL", "12345678", "12345678", "0106"
	}
}

func swedish(i *billing.Invoice) {
	i.Seller.VATID, i.Seller.Address.Country, i.Seller.CompanyID = "SE556677889901", "SE", "556036-0793"
	i.Seller.EndpointID, i.Seller.EndpointScheme, i.Currency = "5560360793", "0007", "SEK"
	i.Lines = clone(i.Lines)
	for k := range i.Lines {
		i.Lines[k].TaxRate = dec("25")
	}
	*i = totalled(*i)
}

func norwegian(i *billing.Invoice) {
	i.Seller.VATID, i.Seller.Address.Country, i.Seller.EndpointID, i.Seller.EndpointScheme = "NO 974 760 673 MVA", "NO", "974760673", "0192"
}

func icelandic(i *billing.Invoice) {
	for _, p := range []*billing.Party{&i.Seller, &i.Buyer} {
		p.VATID, p.Address.Country, p.CompanyID, p.EndpointID, p.EndpointScheme = "IS12345", "IS", "4902033310", "4902033310", "0196"
	}
}

// random draws a document: any lines, categories, currencies with at most two decimals, either type.
func random(t *rapid.T) billing.Invoice {
	rates := map[billing.TaxCategory][]string{
		billing.TaxStandard: {"6", "12.5", "21"}, billing.TaxZero: {"0"}, billing.TaxExempt: {"0"}, billing.TaxReverseCharge: {"0"},
		billing.TaxExport: {"0"}, billing.TaxIntraEU: {"0"},
	}
	categories := []billing.TaxCategory{"S", "S", "S", "Z", "E", "AE", "G", "K"}
	var lines []billing.Line
	for range rapid.IntRange(1, 8).Draw(t, "lines") {
		quantity := money.New(rapid.Int64Range(-2_000_000, 2_000_000).Draw(t, "quantity"), -rapid.Int32Range(0, 4).Draw(t, "decimals"))
		price := money.New(rapid.Int64Range(0, 99_999_999).Draw(t, "price"), -rapid.Int32Range(0, 10).Draw(t, "scale"))
		l := line("0", "0", "0")
		l.Quantity, l.UnitPrice, l.Net = quantity, price, quantity.Mul(price).Round(money.HalfUp, 2)
		if rapid.IntRange(0, 3).Draw(t, "adjust") == 0 {
			l.Net = money.New(rapid.Int64Range(-5000, 5000).Draw(t, "net"), -2)
		}
		l.Unit = rapid.SampledFrom([]string{"", "1 Hour", "10K", "GB", "1/Month", "seats"}).Draw(t, "unit")
		l.Description = rapid.StringOfN(rapid.RuneFrom([]rune("aZ9 &<>\"'é株\t\n")), 0, 20, -1).Draw(t, "description")
		l.ServiceFrom = day("2026-03-01").AddDays(rapid.IntRange(-60, 20).Draw(t, "from"))
		l.ServiceTo = l.ServiceFrom.AddDays(rapid.IntRange(0, 40).Draw(t, "days"))
		c := rapid.SampledFrom(categories).Draw(t, "category")
		lines = append(lines, taxed(l, c, rapid.SampledFrom(rates[c]).Draw(t, "rate")))
	}
	inv := invoice(lines...)
	inv.Currency = money.Currency(rapid.SampledFrom([]string{"EUR", "USD", "DKK"}).Draw(t, "currency"))
	inv.HideZeroLines = rapid.Bool().Draw(t, "hide")
	if rapid.Bool().Draw(t, "credit") {
		inv.Type, inv.Number = billing.TypeCreditNote, fmt.Sprintf("CN-%d", len(lines))
	}
	return inv
}
