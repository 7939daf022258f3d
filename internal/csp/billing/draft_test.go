package billing

import (
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

func dec(s string) money.Decimal { return money.MustParse(s) }

var (
	march = period.MustMonth("2026-03")
	noon  = time.Date(2026, 4, 8, 12, 0, 0, 0, time.UTC)
)

func testSeller() Seller {
	return Seller{
		Party: Party{
			Name: "Nordlicht Cloud GmbH", VATID: "DE123456789",
			Address: Address{Street: "Hafenstr. 1", City: "Hamburg", PostalCode: "20457", Country: "DE"},
		},
		Bank: Bank{IBAN: "DE02120300000000202051"}, TermsDays: 30,
		InvoiceSeries:    NumberSeries{Pattern: "R{year}-{n:05}"},
		CreditNoteSeries: NumberSeries{Pattern: "G{year}-{n:05}"},
		Tax:              TaxPolicy{Rate: dec("19"), ReverseCharge: []string{"EU"}},
	}
}

func testBuyer() Buyer {
	return Buyer{CustomerID: "cus_a", Party: Party{
		Name: "Kunde AG", VATID: "DE987654321",
		Address: Address{Street: "Markt 2", City: "Bremen", PostalCode: "28195", Country: "DE"},
	}}
}

func sell(description, net string) SellLine {
	return SellLine{"EUR", Line{
		Kind: KindCharge, Category: "Azure plan", Description: description, Quantity: dec("1"), Unit: "unit",
		ServiceFrom: march.First(), ServiceTo: march.Last(), Net: dec(net), Cost: dec("1.00"), SubscriptionID: description,
	}}
}

func draftOf(lines ...SellLine) DraftInput {
	return DraftInput{
		Seller: testSeller(), Buyer: testBuyer(), Period: march, RunID: "run_1", By: "ann", Now: noon, Lines: lines,
	}
}

// one is the only invoice of a draft.
func one(t *testing.T, in DraftInput) Invoice {
	t.Helper()
	d := Draft(in)
	if len(d.Invoices) != 1 || len(d.Balances) != 0 {
		t.Fatalf("%d invoices and %d balances, want one invoice", len(d.Invoices), len(d.Balances))
	}
	return d.Invoices[0]
}

func wantTotals(t *testing.T, i Invoice, net, tax, gross string) {
	t.Helper()
	if i.Net.String() != net || i.Tax.String() != tax || i.Gross.String() != gross {
		t.Errorf("net %s tax %s gross %s, want %s %s %s", i.Net, i.Tax, i.Gross, net, tax, gross)
	}
}

// G12: 19 % on 3 x 10.01 is 5.71 per category, not 3 x 1.90.
func TestTaxIsRoundedOncePerCategory(t *testing.T) {
	t.Parallel()
	wantTotals(t, one(t, draftOf(sell("a", "10.01"), sell("b", "10.01"), sell("c", "10.01"))), "30.03", "5.71", "35.74")
}

// G13: usage 100.00 and a credit of 50.00, which shows as quantity -1 at 50.00.
func TestCreditHasNegativeQuantityAndPositivePrice(t *testing.T) {
	t.Parallel()
	inv := one(t, draftOf(sell("usage", "100.00"), sell("customerCredit", "-50.00")))
	wantTotals(t, inv, "50.00", "9.50", "59.50")
	l := inv.Lines[0]
	if l.Description != "customerCredit" || l.Quantity.String() != "-1" || l.UnitPrice.String() != "50.00" || l.Net.String() != "-50.00" {
		t.Errorf("credit line %s x %s = %s, want -1 x 50.00 = -50.00", l.Quantity, l.UnitPrice, l.Net)
	}
}

// G22: customer A is billed 323.40, B 119.61, and C's -40.40 follows the policy.
func TestNegativeTotalFollowsThePolicy(t *testing.T) {
	t.Parallel()
	wantTotals(t, one(t, draftOf(sell("usage", "275.40"), sell("usage 2", "48.00"))), "323.40", "61.45", "384.85")
	wantTotals(t, one(t, draftOf(sell("r", "-94.08"), sell("c", "112.89"), sell("n", "100.80"))), "119.61", "22.73", "142.34")
	in := draftOf(sell("customerCredit", "-50.00"), sell("cycleCharge", "9.60"))
	note := one(t, in)
	if note.Type != TypeCreditNote {
		t.Errorf("type %s, want a credit note", note.Type)
	}
	wantTotals(t, note, "-40.40", "-7.68", "-48.08")
	in.Seller.Negative = NegativeCarryForward
	d := Draft(in)
	if len(d.Invoices) != 0 || len(d.Balances) != 1 || d.Balances[0].Net.String() != "-40.40" {
		t.Fatalf("carry forward gives %d invoices, balances %+v", len(d.Invoices), d.Balances)
	}
	next := draftOf(sell("usage", "100.00"))
	next.Period, next.RunID, next.Carried = period.MustMonth("2026-04"), "run_2", d.Balances
	inv := one(t, next)
	wantTotals(t, inv, "59.60", "11.32", "70.92")
	if l := inv.Lines[1]; l.Kind != KindCarryForward || l.Net.String() != "-40.40" || l.Cost.String() != "2.00" {
		t.Errorf("carried line %+v", l)
	}
}

// G14: amounts keep the decimals of their currency: 326.98 CHF, 16351 JPY, 115.290 KWD.
func TestAmountsHaveTheCurrencysDecimals(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		currency money.Currency
		net, tax string
	}{{"CHF", "326.98", "62.13"}, {"JPY", "16351", "3107"}, {"KWD", "115.290", "21.905"}} {
		l := sell("usage", c.net)
		l.Currency = c.currency
		inv := one(t, draftOf(l))
		if inv.Net.String() != c.net || inv.Tax.String() != c.tax || inv.Currency != c.currency {
			t.Errorf("%s: net %s tax %s, want %s %s", c.currency, inv.Net, inv.Tax, c.net, c.tax)
		}
	}
}

func TestDraftMakesOneDocumentPerCurrencyInStableOrder(t *testing.T) {
	t.Parallel()
	usd := sell("z", "5.00")
	usd.Currency = "USD"
	a := Draft(draftOf(sell("b", "2.00"), usd, sell("a", "1.00")))
	b := Draft(draftOf(sell("a", "1.00"), sell("b", "2.00"), usd))
	if len(a.Invoices) != 2 || a.Invoices[0].Currency != "EUR" || a.Invoices[0].Lines[0].Description != "a" {
		t.Fatalf("documents %+v", a.Invoices)
	}
	for i := range a.Invoices {
		if a.Invoices[i].Hash() != b.Invoices[i].Hash() {
			t.Errorf("the order of the charges changes document %d", i)
		}
	}
}

func TestDraftReportsWhatItMended(t *testing.T) {
	t.Parallel()
	l := sell("x", "1.005")
	l.ServiceFrom, l.ServiceTo, l.Description = march.Last(), march.First(), ""
	d := Draft(draftOf(l))
	var codes []string
	for _, p := range d.Problems {
		codes = append(codes, string(p.Field.Code))
	}
	if len(codes) != 3 || codes[0] != "line.not_rounded" || codes[1] != "line.service_period" || codes[2] != "line.no_description" {
		t.Errorf("problems %v", codes)
	}
	if got := d.Invoices[0].Lines[0]; got.Net.String() != "1.01" || got.ServiceTo != march.Last() {
		t.Errorf("mended line %+v", got)
	}
}

func TestServicePeriodSpansTheLines(t *testing.T) {
	t.Parallel()
	late := sell("late usage", "3.00")
	late.ServiceFrom, late.ServiceTo = period.MustDate("2026-02-26"), period.MustDate("2026-02-28")
	inv := one(t, draftOf(sell("usage", "1.00"), late))
	if inv.ServiceFrom.String() != "2026-02-26" || inv.ServiceTo.String() != "2026-03-31" {
		t.Errorf("service period %s to %s", inv.ServiceFrom, inv.ServiceTo)
	}
}
