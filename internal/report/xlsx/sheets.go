package xlsx

import (
	"strconv"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// invoice writes the document's head as label and value, then its totals.
func (b *book) invoice() {
	const sheet = SheetInvoice
	inv := b.inv
	b.keep(b.file.SetSheetName("Sheet1", sheet))
	b.keep(b.file.SetColWidth(sheet, "A", "A", 24))
	b.keep(b.file.SetColWidth(sheet, "B", "B", 48))
	b.text(sheet, 1, 1, title(inv), b.title)
	row := 3
	for _, f := range b.facts() {
		if f[1] == "" {
			continue
		}
		b.text(sheet, 1, row, f[0], b.bold)
		b.text(sheet, 2, row, f[1], b.wrap)
		row++
	}
	row++
	for _, f := range []struct {
		label  string
		amount money.Decimal
	}{{"Net total", inv.Net}, {"Tax", inv.Tax}, {"Total", inv.Gross}, {"Paid", inv.Paid}, {"Amount due", inv.Gross.Sub(inv.Paid)}} {
		b.text(sheet, 1, row, f.label, b.bold)
		b.money(sheet, 2, row, f.amount, b.sum)
		row++
	}
}

func (b *book) facts() [][2]string {
	inv := b.inv
	out := [][2]string{
		{"Number", inv.Number},
		{"Date", inv.IssuedOn.String()},
		{"Due", inv.DueOn.String()},
		{"Billing period", inv.Period.String()},
		{"Service from", inv.ServiceFrom.String()},
		{"Service to", inv.ServiceTo.String()},
		{"Currency", string(inv.Currency)},
		{"From", party(inv.Seller)},
		{"Bill to", party(inv.Buyer)},
		{"Customer", inv.CustomerID},
		{"Tenant", inv.TenantID},
		{"Reseller of record", inv.ResellerMpnID},
		{"Your reference", inv.BuyerReference},
		{"Order", inv.OrderReference},
		{"Account", inv.Bank.AccountName},
		{"IBAN", inv.Bank.IBAN},
		{"BIC", inv.Bank.BIC},
		{"Terms", inv.Terms},
	}
	if r := inv.Corrects; r != nil {
		out = append(out, [2]string{"Credits invoice", strings.TrimSpace(r.Number + " " + r.IssuedOn.String())})
	}
	out = append(out, [2]string{"Reason", inv.Reason})
	return append(out, [2]string{"Notes", strings.Join(inv.Notes, "\n")})
}

// party is a party in lines of one cell.
func party(p billing.Party) string {
	a := p.Address
	lines := []string{
		p.Name, p.LegalName, a.Street, a.Additional, strings.TrimSpace(a.PostalCode + " " + a.City), a.Region, a.Country,
		p.VATID, p.CompanyID, p.Contact.Name, p.Contact.Phone, p.Contact.Email,
	}
	var out []string
	for i, l := range lines {
		if l == "" || i == 1 && l == p.Name {
			continue
		}
		out = append(out, l)
	}
	return strings.Join(out, "\n")
}

// lines writes every line, zero ones too, and the sum of their net amounts.
func (b *book) lines() {
	const sheet = SheetLines
	columns := []column{
		{"Line", 7},
		{"Kind", 12},
		{"Category", 16},
		{"Group", 24},
		{"Description", 60},
		{"Service from", 13},
		{"Service to", 13},
		{"Quantity", 14},
		{"Unit", 16},
		{"Unit price", 14},
		{"Net " + string(b.inv.Currency), 14},
		{"Tax category", 13},
		{"Tax rate %", 11},
		{"Converted from", 15},
		{"Exchange rate", 16},
		{"Rate source", 18},
		{"Rate date", 12},
		{"Subscription", 38},
		{"Product", 16},
		{"SKU", 10},
		{"Meter", 38},
		{"Reseller MPN", 14},
	}
	b.table(sheet, columns)
	var net money.Decimal
	for i := range b.inv.Lines {
		b.line(sheet, i+2, &b.inv.Lines[i])
		net = net.Add(b.inv.Lines[i].Net)
	}
	b.filter(sheet, len(columns), len(b.inv.Lines))
	last := len(b.inv.Lines) + 2
	b.text(sheet, 1, last, "Total", b.sum)
	for col := 2; col <= len(columns); col++ {
		b.text(sheet, col, last, "", b.sum)
	}
	b.money(sheet, 11, last, net, b.sum)
}

func (b *book) line(sheet string, row int, l *billing.Line) {
	b.digits(sheet, 1, row, strconv.Itoa(l.N), 0)
	for i, s := range []string{string(l.Kind), l.Category, l.Group, l.Description, l.ServiceFrom.String(), l.ServiceTo.String()} {
		b.text(sheet, i+2, row, s, 0)
	}
	b.figure(sheet, 8, row, l.Quantity)
	b.text(sheet, 9, row, l.Unit, 0)
	b.price(sheet, 10, row, l.UnitPrice)
	b.money(sheet, 11, row, l.Net, b.amount)
	b.text(sheet, 12, row, string(l.Tax), 0)
	b.figure(sheet, 13, row, l.TaxRate)
	if x := l.Exchange; x != nil {
		b.text(sheet, 14, row, string(x.From), 0)
		b.figure(sheet, 15, row, x.Rate)
		b.text(sheet, 16, row, x.Source, 0)
		b.text(sheet, 17, row, x.On.String(), 0)
	}
	for i, s := range []string{l.SubscriptionID, l.ProductID, l.SkuID, l.MeterID, l.ResellerMpnID} {
		b.text(sheet, i+18, row, s, 0)
	}
}

// taxes writes a row for each category and rate, and the sum of the tax.
func (b *book) taxes() {
	const sheet = SheetTaxes
	c := string(b.inv.Currency)
	columns := []column{{"Category", 10}, {"Rate %", 9}, {"Base " + c, 16}, {"Tax " + c, 16}, {"Reason", 60}, {"Reason code", 18}}
	b.table(sheet, columns)
	var sum money.Decimal
	for i, t := range b.inv.Taxes {
		row := i + 2
		b.text(sheet, 1, row, string(t.Category), 0)
		b.figure(sheet, 2, row, t.Rate)
		b.money(sheet, 3, row, t.Base, b.amount)
		b.money(sheet, 4, row, t.Amount, b.amount)
		b.text(sheet, 5, row, t.Reason, b.wrap)
		b.text(sheet, 6, row, t.Code, 0)
		sum = sum.Add(t.Amount)
	}
	last := len(b.inv.Taxes) + 2
	b.text(sheet, 1, last, "Total", b.sum)
	b.text(sheet, 2, last, "", b.sum)
	b.text(sheet, 3, last, "", b.sum)
	b.money(sheet, 4, last, sum, b.sum)
}

// usage writes the usage appendix and its sum.
func (b *book) usage() {
	const sheet = SheetUsage
	columns := []column{{"Service", 28}, {"Meter", 44}, {"Unit", 18}, {"Quantity", 18}, {"Amount " + string(b.inv.Currency), 16}}
	b.table(sheet, columns)
	var sum money.Decimal
	for i, u := range b.inv.Usage {
		row := i + 2
		b.text(sheet, 1, row, u.Service, 0)
		b.text(sheet, 2, row, u.Meter, 0)
		b.text(sheet, 3, row, u.Unit, 0)
		b.figure(sheet, 4, row, u.Quantity)
		b.money(sheet, 5, row, u.Amount, b.amount)
		sum = sum.Add(u.Amount)
	}
	b.filter(sheet, len(columns), len(b.inv.Usage))
	last := len(b.inv.Usage) + 2
	b.text(sheet, 1, last, "Total", b.sum)
	for col := 2; col <= 4; col++ {
		b.text(sheet, col, last, "", b.sum)
	}
	b.money(sheet, 5, last, sum, b.sum)
}
