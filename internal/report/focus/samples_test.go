package focus

import (
	"bytes"
	"encoding/csv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

func dec(s string) money.Decimal { return money.MustParse(s) }

var march = period.MustMonth("2026-03")

func seller() billing.Seller {
	return billing.Seller{
		Party: billing.Party{Name: "Nordlicht Cloud", VATID: "DE811111111", Address: billing.Address{Country: "DE"}},
		Tax:   billing.TaxPolicy{Rate: dec("19")},
	}
}

// sell is a rated charge of March for 1 unit.
func sell(category, net string) billing.SellLine {
	return billing.SellLine{Currency: "EUR", Line: billing.Line{
		Kind: billing.KindCharge, Category: category, Group: "Azure usage", Description: "Virtual Machines, D4s v5",
		Quantity: dec("1"), Unit: "1 Hour", Net: dec(net), Cost: dec("9182736455463.72"), Retail: dec("8172635445362.71"), CostCurrency: "EUR",
		SubscriptionID: "5f2b6c1e-8a55-4d0c-9a57-0d7d2f0a9c11", ProductID: "DZH318Z0BQ35", SkuID: "0004", ChargeType: "new",
		RuleID: "rule_secret", ChargeIDs: []string{"chg_secret"},
	}}
}

// issued drafts the lines and numbers the documents.
func issued(number string, m period.Month, lines ...billing.SellLine) []billing.Invoice {
	out := billing.Draft(billing.DraftInput{
		Seller: seller(), Period: m, RunID: "run_1", Lines: lines, Now: time.Date(2026, 4, 2, 8, 0, 0, 0, time.UTC),
		Buyer: billing.Buyer{CustomerID: "cus_1", TenantID: "t-1", Party: billing.Party{Name: "Müller KG", Address: billing.Address{Country: "DE"}}},
	}).Invoices
	for i := range out {
		out[i].Number, out[i].State = number+string(out[i].Currency), billing.StateIssued
	}
	return out
}

// records writes the documents and reads the rows back by column.
func records(tb testing.TB, docs []billing.Invoice, opt Options) []map[string]string {
	tb.Helper()
	var b bytes.Buffer
	if err := Write(&b, docs, opt); err != nil {
		tb.Fatal(err)
	}
	all, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		tb.Fatal(err)
	}
	rows := make([]map[string]string, 0, len(all))
	for _, record := range all[1:] {
		row := map[string]string{}
		for i, v := range record {
			row[all[0][i]] = v
		}
		rows = append(rows, row)
	}
	return rows
}

// randomDocs draws a month of documents: every kind of line, refunds, several currencies and conversions, odd prices.
func randomDocs(t *rapid.T) []billing.Invoice {
	var lines []billing.SellLine
	for range rapid.IntRange(1, 12).Draw(t, "lines") {
		lines = append(lines, randomLine(t))
	}
	m := march.Add(rapid.IntRange(0, 11).Draw(t, "month"))
	docs := issued(rapid.StringMatching(`R-[1-9][0-9]{4}`).Draw(t, "number"), m, lines...)
	for i := range docs {
		if rapid.IntRange(0, 3).Draw(t, "draft") == 0 {
			docs[i].Number, docs[i].State = "", billing.StateDraft
		}
	}
	return docs
}

func randomLine(t *rapid.T) billing.SellLine {
	category := rapid.SampledFrom([]string{
		"Azure plan", "licence", "reservation", "savings plan", "software", "perpetual", "third party", "service",
	}).Draw(t, "category")
	l := sell(category, money.New(rapid.Int64Range(-1_000_000, 5_000_000).Draw(t, "net"), -2).String())
	l.Currency = rapid.SampledFrom([]money.Currency{"EUR", "USD", "JPY", "KWD"}).Draw(t, "currency")
	l.Net = l.Net.Round(money.HalfUp, l.Currency.MinorUnits())
	l.Quantity = money.New(rapid.Int64Range(1, 9_999_999).Draw(t, "quantity"), -rapid.Int32Range(0, 6).Draw(t, "decimals"))
	l.Unit = rapid.SampledFrom([]string{"1 Hour", "10,000 Requests", "1 GB/Month", "100 GB/Month", "seat", "", "Ü"}).Draw(t, "unit")
	l.Kind = rapid.SampledFrom([]billing.Kind{
		billing.KindCharge, billing.KindCharge, billing.KindService, billing.KindMinimumFee, billing.KindCorrection,
		billing.KindCarryForward, billing.KindRounding,
	}).Draw(t, "kind")
	if l.Kind == billing.KindCorrection {
		l.CorrectsPeriod, l.CorrectsNumber = march.Add(-1), "R-1"
	}
	l.Description = rapid.SampledFrom([]string{"Virtual Machines, D4s v5", "Storage: Hot LRS", "Widgets \"blue\", 5\nlong", "株式会社"}).Draw(t, "text")
	l.ChargeType = rapid.SampledFrom([]string{"new", "cycleCharge", "customerCredit", ""}).Draw(t, "charge type")
	if rapid.Bool().Draw(t, "bare") {
		l.ProductID, l.SkuID, l.SubscriptionID = "", "", ""
	}
	if rapid.Bool().Draw(t, "converted") {
		l.Exchange = &billing.Exchange{From: "USD", Amount: dec("7162534435261.69"), Rate: dec("0.923076923"), Source: "Microsoft", On: march.First()}
	}
	if rapid.Bool().Draw(t, "days") {
		first := rapid.IntRange(0, 27).Draw(t, "first")
		l.ServiceFrom = march.First().AddDays(first)
		l.ServiceTo = l.ServiceFrom.AddDays(rapid.IntRange(0, 400).Draw(t, "span"))
	}
	return l
}
