package rating_test

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

const (
	plan    = "307628f1-0000-4000-8000-000000000001"
	invoice = "G002297372"
	tenant  = "196e2273-0000-4000-8000-000000000001"
	credit  = `["15.0% Partner earned credit for services managed"]`
)

var march = period.MustMonth("2026-03")

// used is usage of one meter from a day to a day of March 2026 (or the dates given), rated at its list price.
func used(sku, from, to, quantity, price string, change ...func(*usage.Group)) usage.Group {
	g := usage.Group{
		GroupKey: usage.GroupKey{
			InvoiceNumber: invoice, CustomerID: tenant, SubscriptionID: plan, ProductID: "DZH318Z0BNZ5", SkuID: sku, AvailabilityID: "DZH318Z08B80",
			MeterID: "meter-" + sku,
		},
		From: period.MustDate(from), To: period.MustDate(to), Currency: "USD", PricingCurrency: "USD", FXRate: d("1"),
		UnitPrice: d(price), Quantity: d(quantity), Rows: 1, PublisherName: "Microsoft", SkuName: "Demo", ProductName: "Demo", Unit: "1 Hour",
		MeterCategory: "Virtual Machines", MeterName: "Demo", CustomerName: "Contoso",
	}
	g.Month = g.From.Month()
	g.Billed = g.Quantity.Mul(g.UnitPrice)
	for _, c := range change {
		c(&g)
	}
	return g
}

// withPEC is usage of days with the credit; its money is net of it.
func withPEC(g *usage.Group) {
	g.PEC, g.Billed = d("15"), g.Billed.Mul(d("0.85"))
}

// covered is usage that a savings plan pays for.
func covered(g *usage.Group) { g.Free, g.Billed, g.BenefitType = true, money.Zero, "SavingsPlan" }

func inEuros(g *usage.Group) {
	g.Currency, g.FXRate = "EUR", d("0.846202666")
	g.Billed = g.Billed.Mul(g.FXRate)
}

func numbered(id int64) func(*usage.Group) { return func(g *usage.Group) { g.ID = id } }

// priced is a consumption row; an empty least has no tier, an empty most no end.
func priced(sku, price, least, most, from, to string) catalog.PriceRow {
	r := catalog.PriceRow{
		ID: sku + "@" + price, View: "azure_consumption", Sheet: march, ProductID: "DZH318Z0BNZ5", SkuID: sku, Term: "payG-1", Market: "US",
		Currency: "USD", UnitPrice: d(price), TierOpen: most == "",
	}
	if least != "" {
		r.TierMin = d(least)
	}
	if most != "" {
		r.TierMax = d(most)
	}
	r.From, _ = period.ParseDate(from)
	r.To, _ = period.ParseDate(to)
	return r
}

func sheetOf(rows ...catalog.PriceRow) *catalog.Sheet { return catalog.NewSheet(rows) }

// demoSheet: 006G has one price, 006T three tiers (G02), 006F five free units (G03), 006C changes on the 13th.
func demoSheet() *catalog.Sheet {
	return catalog.NewSheet([]catalog.PriceRow{
		priced("006G", "0.5", "", "", "2018-03-01", ""),
		priced("006T", "1.00", "1", "100", "2018-03-01", ""),
		priced("006T", "0.80", "101", "100000", "2018-03-01", ""),
		priced("006T", "0.50", "100001", "", "2018-03-01", ""),
		priced("006F", "0", "0", "5", "2018-03-01", ""),
		priced("006F", "0.087", "5", "", "2018-03-01", ""),
		priced("006C", "0.52", "", "", "2018-03-01", "2026-03-12"),
		priced("006C", "0.4446", "", "", "2026-03-13", ""),
	})
}

// metered is a line of an Azure plan for the whole of March, in US dollars.
func metered(sku, price, eup, quantity, subtotal string, change ...func(*usage.Line)) *usage.Line {
	l := &usage.Line{
		ID: sku + "/" + quantity, Family: usage.FamilyNewCommerce, DataSet: "recon", CustomerID: tenant, InvoiceNumber: invoice, ProductID: "DZH318Z0BNZ5",
		SkuID: sku, AvailabilityID: "DZH318Z08B80", ChargeType: "new", UnitPrice: d(price), Quantity: d("1"), Subtotal: d(subtotal), Total: d(subtotal),
		Currency: "USD", PublisherName: "Microsoft", SubscriptionDescription: "Azure plan", SubscriptionID: plan,
		ChargeStart: march.First(), ChargeEnd: march.Last(), EffectiveUnitPrice: d(eup), BillableQuantity: d(quantity),
		PricingCurrency: "USD", FXRate: d("1"), SkuName: "Demo",
	}
	for _, c := range change {
		c(l)
	}
	return l
}

func credited(l *usage.Line) { l.PriceAdjustment = credit }

func pointers(list []rating.Listed) []*rating.Listed {
	out := make([]*rating.Listed, len(list))
	for i := range list {
		out[i] = &list[i]
	}
	return out
}
