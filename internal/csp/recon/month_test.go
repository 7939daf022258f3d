package recon_test

import (
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/recon"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

func d(s string) money.Decimal { return money.MustParse(s) }

var march = period.MustMonth("2026-03")

const pecWords = `["15.0% Partner earned credit for services managed"]`

// row is one daily-rated usage row; Place is where it stands in its file.
type row struct {
	usage.Group
	place usage.Place
}

// month is a small month of Microsoft's in memory: documents, lines, usage rows, price sheet and rates. Its parts are
// made by arithmetic of its own, so that what the package finds is held against something else.
type month struct {
	docs  []usage.Document
	lines []*usage.Line
	rows  []*row
	sheet []catalog.PriceRow
	rates map[money.Currency]money.Decimal
	tax   map[string]money.Decimal // of an invoice's lines, a fraction
	fx    map[string]money.Decimal // its rate from US dollars
	place map[string]int64         // last line used of each file
}

func newMonth() *month {
	return &month{
		rates: map[money.Currency]money.Decimal{}, tax: map[string]money.Decimal{}, fx: map[string]money.Decimal{}, place: map[string]int64{},
		sheet: []catalog.PriceRow{
			consumption("VM", "0.5", "", "", "2018-01-01", ""),
			consumption("STEP", "1.00", "1", "100", "2018-01-01", ""), consumption("STEP", "0.80", "101", "", "2018-01-01", ""),
			consumption("TURN", "0.52", "", "", "2018-01-01", "2026-03-12"), consumption("TURN", "0.4446", "", "", "2026-03-13", ""),
			consumption("ISV", "0.03", "", "", "2018-01-01", ""), consumption("SPOT", "0.09", "", "", "2018-01-01", ""), consumption("TINY", "0.045", "", "", "2018-01-01", ""),
			licenceRow("SUITE", "10.8", "P1M", "Monthly", "Commercial", "EUR"), licenceRow("SUITE", "6.5", "P1M", "Monthly", "Charity", "EUR"),
			licenceRow("SUITE", "113.4", "P1Y", "Monthly", "Commercial", "EUR"), licenceRow("SUITE", "108", "P1Y", "Annual", "Commercial", "EUR"),
			licenceRow("PLUS", "289.8", "P1Y", "Monthly", "Commercial", "EUR"), licenceRow("SUITE", "80.4", "P1M", "Monthly", "Commercial", "DKK"),
			reservationRow(),
		},
	}
}

func consumption(sku, price, least, most, from, to string) catalog.PriceRow {
	r := catalog.PriceRow{
		ID: sku + "@" + price, View: "azure_consumption", Sheet: march, ProductID: "P-" + sku, SkuID: sku, Term: "payG-1", Market: "US", Currency: "USD",
		UnitPrice: d(price), TierOpen: most == "", From: period.MustDate(from),
	}
	if least != "" {
		r.TierMin = d(least)
	}
	if most != "" {
		r.TierMax = d(most)
	}
	r.To, _ = period.ParseDate(to)
	return r
}

func licenceRow(product, price, term, plan, segment string, c money.Currency) catalog.PriceRow {
	return catalog.PriceRow{
		ID: product + price, View: "updatedlicensebased", Sheet: march, ProductID: product, SkuID: "0001", Term: term, BillingPlan: plan, Segment: segment,
		Market: "DE", Currency: c, UnitPrice: d(price), TierOpen: true, From: period.MustDate("2020-01-01"),
	}
}

func reservationRow() catalog.PriceRow {
	return catalog.PriceRow{
		ID: "RESERVED", View: "azure_reservations", Sheet: march, ProductID: "RESERVED", SkuID: "001F", Term: "P1Y", Market: "US", Currency: "USD",
		UnitPrice: d("1492"), TierOpen: true, From: period.MustDate("2018-01-01"),
	}
}

// next is the next place of a file.
func (m *month) next(file string) usage.Place {
	m.place[file] = max(1, m.place[file]) + 1
	return usage.Place{File: file, Line: m.place[file]}
}

// open adds an invoice: its currency, its rate from US dollars and its tax.
func (m *month) open(number string, c money.Currency, rate, tax string) {
	m.fx[number], m.tax[number] = d(rate), d(tax)
	m.docs = append(m.docs, usage.Document{
		Number: number, DocumentType: "invoice", Currency: c, PeriodStart: march.First(), PeriodEnd: march.Last(),
		Place: usage.Place{File: "invoice_" + number + ".json", Line: 1},
	})
}

func (m *month) doc(number string) *usage.Document {
	i := slices.IndexFunc(m.docs, func(x usage.Document) bool { return x.Number == number })
	return &m.docs[i]
}

// creditNote adds a credit note to an invoice.
func (m *month) creditNote(number, of string) {
	m.fx[number], m.tax[number] = m.fx[of], m.tax[of]
	m.docs = append(m.docs, usage.Document{
		Number: number, DocumentType: "adjustment_note", AmendsOf: of, Currency: m.doc(of).Currency, PeriodStart: march.First(), PeriodEnd: march.Last(),
		Place: usage.Place{File: "invoice_" + of + ".json", Line: 1},
	})
}

// meter is a meter of a customer's Azure plan on an invoice.
type meter struct{ invoice, tenant, plan, sku string }

// use adds usage on days of March (1 to 31; below 1 they are of February), the same quantity each day.
func (m *month) use(k meter, from, to int, quantity string, change ...func(*row)) {
	for day := from; day <= to; day++ {
		date := march.First().AddDays(day - 1)
		r := &row{Group: usage.Group{
			GroupKey: usage.GroupKey{
				InvoiceNumber: k.invoice, CustomerID: k.tenant, SubscriptionID: k.plan, ProductID: "P-" + k.sku, SkuID: k.sku, AvailabilityID: "A-" + k.sku,
				MeterID: "meter " + k.sku, Month: date.Month(), PEC: d("15"),
			},
			From: date, To: date, Currency: m.doc(k.invoice).Currency, PricingCurrency: "USD", FXRate: m.fx[k.invoice], Quantity: d(quantity), Rows: 1,
			SkuName: k.sku + " hours", MeterName: k.sku, PublisherName: "Microsoft", CustomerName: "Customer " + k.tenant,
		}, place: m.next("usage_" + k.invoice + ".csv")}
		if k.sku == "SPOT" || k.sku == "ISV" || k.sku == "OTHER" {
			r.PEC = money.Zero
		}
		if k.sku == "ISV" {
			r.PublisherName = "Contoso ISV"
		}
		r.UnitPrice, r.Billed = m.charge(&r.Group)
		for _, c := range change {
			c(r)
		}
		m.rows = append(m.rows, r)
	}
}

func withoutPEC(r *row) { r.reprice(money.Zero) }

func covered(r *row) {
	r.Free, r.PEC, r.Billed, r.BenefitType = true, money.Zero, money.Zero, "SavingsPlan"
}

// reprice sets the credit and the money that follows from it.
func (r *row) reprice(pec money.Decimal) {
	full, _ := r.Billed.QuoRound(d("100").Sub(r.PEC).Mul(d("0.01")), money.HalfEven, 18)
	r.PEC, r.Billed = pec, full.Mul(d("100").Sub(pec).Mul(d("0.01")))
}

// charge is a row's list price and its money. Steps accumulate over what its plan used of the meter in the month.
func (m *month) charge(g *usage.Group) (price, billed money.Decimal) {
	var list money.Decimal
	switch g.SkuID {
	case "STEP":
		var before money.Decimal
		for _, r := range m.rows {
			if r.SkuID == "STEP" && r.SubscriptionID == g.SubscriptionID && r.Month == g.Month && !r.Free {
				before = before.Add(r.Quantity)
			}
		}
		after := before.Add(g.Quantity)
		low := money.Max(money.Zero, money.Min(after, d("100")).Sub(before))
		price, list = d("0.80"), low.Add(g.Quantity.Sub(low).Mul(d("0.80")))
		if after.Cmp(d("100")) <= 0 {
			price = d("1.00")
		}
	case "TURN":
		price = d("0.52")
		if g.From.Day() >= 13 && g.Month == march {
			price = d("0.4446")
		}
		list = price.Mul(g.Quantity)
	default:
		price = map[string]money.Decimal{"VM": d("0.5"), "ISV": d("0.03"), "SPOT": d("0.09"), "TINY": d("0.045"), "OTHER": d("0.7")}[g.SkuID]
		list = price.Mul(g.Quantity)
	}
	return price, list.Mul(d("100").Sub(g.PEC)).Mul(d("0.01")).Mul(g.FXRate)
}

// bill writes the reconciliation lines of all usage: one for each invoice, plan, meter, credit flag and month.
func (m *month) bill() {
	type key struct {
		meter
		pec   bool
		month period.Month
	}
	sums := map[key][]*row{}
	var order []key
	for _, r := range m.rows {
		if r.Free {
			continue
		}
		k := key{meter{r.InvoiceNumber, r.CustomerID, r.SubscriptionID, r.SkuID}, r.HasPEC(), r.Month}
		if sums[k] == nil {
			order = append(order, k)
		}
		sums[k] = append(sums[k], r)
	}
	for _, k := range order {
		m.meteredLine(sums[k])
	}
}

func (m *month) meteredLine(rows []*row) {
	last := rows[0]
	var quantity, pricing money.Decimal
	for _, r := range rows {
		net, _ := r.Billed.QuoRound(r.FXRate, money.HalfEven, 18)
		quantity, pricing = quantity.Add(r.Quantity), pricing.Add(net)
		if !r.From.Before(last.From) {
			last = r
		}
	}
	cost := pricing.Round(money.HalfEven, 9).Round(money.Down, 2)
	eup := last.UnitPrice.Mul(d("100").Sub(last.PEC)).Mul(d("0.01"))
	if q, err := cost.QuoRound(quantity, money.HalfUp, 15); err == nil && !cost.IsZero() {
		eup = q
	}
	l := m.line(last.InvoiceNumber, last.CustomerID, last.SubscriptionID, "P-"+last.SkuID, last.SkuID)
	l.AvailabilityID, l.SkuName, l.MeterDescription, l.SubscriptionDescription, l.PublisherName = last.AvailabilityID, last.SkuName, last.MeterName, "Azure plan", last.PublisherName
	l.UnitPrice, l.EffectiveUnitPrice, l.BillableQuantity, l.Quantity = last.UnitPrice, eup, quantity, d("1")
	l.ChargeStart, l.ChargeEnd, l.PricingCurrency, l.FXRate = last.Month.First(), last.Month.Last(), "USD", last.FXRate
	l.OrderDate = period.MustDate("2026-04-03")
	if last.HasPEC() {
		l.PriceAdjustment = pecWords
	}
	m.total(l, cost.MulExact(last.FXRate).Round(money.HalfEven, 9).Round(money.Down, 2))
}

// line adds a line without amounts.
func (m *month) line(invoice, tenant, subscription, product, sku string) *usage.Line {
	l := &usage.Line{
		Family: usage.FamilyNewCommerce, DataSet: "recon|" + invoice, Place: m.next("recon_" + invoice + ".csv"), CustomerID: tenant, CustomerName: "Customer " + tenant,
		InvoiceNumber: invoice, ProductID: product, SkuID: sku, SkuName: product, ChargeType: "new", Currency: m.doc(invoice).Currency, PublisherName: "Microsoft",
		SubscriptionID: subscription, PricingCurrency: m.doc(invoice).Currency, FXRate: d("1"), Quantity: d("1"), BillableQuantity: d("1"),
	}
	l.ID = fmt.Sprint(l.Place)
	l.AlternateID = l.ID
	m.lines = append(m.lines, l)
	return l
}

// total sets a line's amounts, with the tax of its invoice.
func (m *month) total(l *usage.Line, subtotal money.Decimal) {
	l.Subtotal = subtotal
	l.Tax = subtotal.MulExact(m.tax[l.InvoiceNumber]).Round(money.HalfUp, 2)
	l.Total = l.Subtotal.Add(l.Tax)
}

// dollars prices a line in US dollars.
func (m *month) dollars(l *usage.Line) { l.PricingCurrency, l.FXRate = "USD", m.fx[l.InvoiceNumber] }

// close sets every document's total to its lines'.
func (m *month) close() {
	for i := range m.docs {
		m.docs[i].TotalCharges = d("0.00")
		for _, l := range m.lines {
			if l.InvoiceNumber == m.docs[i].Number {
				m.docs[i].TotalCharges = m.docs[i].TotalCharges.Add(l.Total)
			}
		}
	}
}

// groups sums the rows as the lake does: by their key, and by day where the price depends on it or no sheet has it.
func (m *month) groups(sheet *catalog.Sheet) ([]usage.Group, map[int64][]*row) {
	var list []usage.Group
	index, members := map[string]int{}, map[int64][]*row{}
	ids, daily := map[string]int64{}, map[catalog.ProductSKU]bool{}
	for _, r := range m.rows {
		k := catalog.ProductSKU{ProductID: r.ProductID, SkuID: r.SkuID}
		if _, known := daily[k]; !known {
			daily[k] = sheet.ByDay(k, period.MustDate("2026-02-01"), march.Last()) || !sheet.Has(k)
		}
		key := fmt.Sprint(r.GroupKey, r.Currency, r.PricingCurrency, r.FXRate.Plain())
		if ids[key] == 0 {
			ids[key] = int64(len(ids) + 1)
		}
		if daily[k] {
			key += r.From.String()
		}
		i, ok := index[key]
		if !ok {
			i, index[key] = len(list), len(list)
			g := r.Group
			g.ID, g.Quantity, g.Billed, g.Rows = ids[fmt.Sprint(r.GroupKey, r.Currency, r.PricingCurrency, r.FXRate.Plain())], money.Zero, money.Zero, 0
			list = append(list, g)
		}
		g := &list[i]
		g.Quantity, g.Billed, g.Rows = g.Quantity.Add(r.Quantity), g.Billed.Add(r.Billed), g.Rows+1
		if r.From.Before(g.From) {
			g.From = r.From
		}
		if !r.To.Before(g.To) {
			g.To, g.UnitPrice = r.To, r.UnitPrice
		}
		members[g.ID] = append(members[g.ID], r)
	}
	return list, members
}

// check reconciles the month.
func (m *month) check() recon.Result {
	sheet := catalog.NewSheet(m.sheet)
	groups, members := m.groups(sheet)
	return recon.Prepare(recon.Input{
		Period: march, Documents: slices.Clone(m.docs), Raw: m.lines, Listed: rating.List(groups, sheet), Sheet: sheet, Rates: m.rates,
		RowsOf: func(ids []int64) []recon.Evidence {
			var out []recon.Evidence
			for _, id := range ids {
				for _, r := range members[id] {
					out = append(out, recon.Evidence{File: r.place.File, Line: r.place.Line, Column: "Quantity", Detail: r.SkuName})
				}
			}
			return out
		},
	}).Check()
}
