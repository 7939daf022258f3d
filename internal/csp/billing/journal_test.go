package billing

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"pgregory.net/rapid"
)

func TestJournalPostsReceivableRevenueTaxAndCost(t *testing.T) {
	t.Parallel()
	licence := sell("seats", "50.00")
	licence.Category, licence.Cost, licence.CostCurrency = "licence", dec("40.00"), "USD"
	entries, err := Journal(issued(t, "R1", sell("usage", "100.00"), sell("credit", "-20.00"), licence), Accounts{Revenues: map[string]string{"licence": "4401"}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, fmt.Sprintf("%s %s %s/%s %s", e.Account, e.Category, e.Debit, e.Credit, e.Currency))
	}
	want := `accounts-receivable  154.70/0.00 EUR
4401 licence 0.00/50.00 EUR
revenue Azure plan 0.00/80.00 EUR
vat-payable S 19 % 0.00/24.70 EUR
cost-of-sales Azure plan 2.00/0.00 EUR
upstream-accrual Azure plan 0.00/2.00 EUR
cost-of-sales licence 40.00/0.00 USD
upstream-accrual licence 0.00/40.00 USD`
	if joined := strings.Join(got, "\n"); joined != want {
		t.Errorf("journal\n%s\nwant\n%s", joined, want)
	}
	_, err = Journal(one(t, draftOf(sell("x", "1.00"))), Accounts{})
	wantCode(t, err, "journal.not_issued")
}

// Debits equal credits in every currency, for invoices and credit notes alike, and no side is negative.
func TestJournalBalances(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var lines []SellLine
		for k := range rapid.IntRange(1, 8).Draw(rt, "lines") {
			l := sell(strconv.Itoa(k), money.New(rapid.Int64Range(-9999, 9999).Draw(rt, "net"), -2).String())
			l.Category = rapid.SampledFrom([]string{"Azure plan", "licence", "service"}).Draw(rt, "category")
			l.Kind = rapid.SampledFrom([]Kind{KindCharge, KindRounding, KindCarryForward, KindService}).Draw(rt, "kind")
			l.CostCurrency = rapid.SampledFrom([]money.Currency{"", "USD"}).Draw(rt, "cost currency")
			l.Cost = money.New(rapid.Int64Range(-99, 9999).Draw(rt, "cost"), -2)
			l.ServiceFrom = march.First().AddDays(rapid.IntRange(-40, 60).Draw(rt, "from"))
			l.ServiceTo = l.ServiceFrom.AddDays(rapid.IntRange(0, 1100).Draw(rt, "days"))
			lines = append(lines, l)
		}
		i := Draft(draftOf(lines...)).Invoices[0]
		i.Number, i.State, i.IssuedOn = "R1", StateIssued, march.Last().AddDays(9)
		var taxes money.Decimal
		for _, tax := range i.Taxes {
			taxes = taxes.Add(tax.Amount)
		}
		if !i.Net.Add(taxes).Equal(i.Gross) || (i.Type == TypeCreditNote) != (i.Net.Sign() < 0) {
			rt.Fatalf("%s: net %s + taxes %s, gross %s", i.Type, i.Net, taxes, i.Gross)
		}
		entries, err := Journal(i, Accounts{})
		if err != nil {
			rt.Fatal(err)
		}
		sums := map[string]money.Decimal{}
		var deferred money.Decimal
		for _, e := range entries {
			if e.Debit.Sign() < 0 || e.Credit.Sign() < 0 || e.Debit.IsZero() == e.Credit.IsZero() {
				rt.Fatalf("entry %+v", e)
			}
			k := string(e.Currency) + e.On.String()
			sums[k] = sums[k].Add(e.Debit).Sub(e.Credit)
			if e.Account == "deferred-revenue" {
				deferred = deferred.Add(e.Debit).Sub(e.Credit)
			}
			if e.On.Before(i.IssuedOn) {
				rt.Fatalf("posted before it was issued: %+v", e)
			}
		}
		if !deferred.IsZero() {
			rt.Fatalf("%s stays deferred for ever", deferred)
		}
		for c, left := range sums {
			if !left.IsZero() {
				rt.Fatalf("%s is out of balance by %s", c, left)
			}
		}
	})
}

// A year that is paid at once is earned by day: what lies behind on the day of issue at once, the rest month by month.
func TestAPrepaidYearIsDeferredByDay(t *testing.T) {
	t.Parallel()
	year := sell("seats", "365.00")
	year.Category, year.ServiceFrom, year.ServiceTo = "licence", period.MustDate("2026-03-10"), period.MustDate("2027-03-09")
	doc := issued(t, "R1", year, sell("usage", "100.00"))
	doc.IssuedOn = period.MustDate("2026-05-31")
	entries, err := Journal(doc, Accounts{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		if e.Account == "revenue" || e.Account == "deferred-revenue" {
			got = append(got, fmt.Sprintf("%s %s %s %s/%s", e.On, e.Account, e.Category, e.Debit, e.Credit))
		}
	}
	want := []string{
		"2026-05-31 revenue Azure plan 0.00/100.00", "2026-05-31 revenue licence 0.00/83.00", "2026-05-31 deferred-revenue licence 0.00/282.00",
		"2026-06-30 deferred-revenue licence 30.00/0.00", "2026-06-30 revenue licence 0.00/30.00",
	}
	if head := strings.Join(got[:min(5, len(got))], "\n"); head != strings.Join(want, "\n") {
		t.Errorf("journal begins\n%s\nwant\n%s", head, strings.Join(want, "\n"))
	}
	if last := got[len(got)-1]; len(got) != 3+2*10 || last != "2027-03-31 revenue licence 0.00/9.00" {
		t.Errorf("%d postings, the last %s", len(got), last)
	}
}
