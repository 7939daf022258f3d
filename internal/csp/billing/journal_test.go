package billing

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
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
	want := `accounts-receivable  154.70/0 EUR
4401 licence 0/50.00 EUR
revenue Azure plan 0/80.00 EUR
vat-payable S 19 % 0/24.70 EUR
cost-of-sales Azure plan 2.00/0 EUR
upstream-accrual Azure plan 0/2.00 EUR
cost-of-sales licence 40.00/0 USD
upstream-accrual licence 0/40.00 USD`
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
			lines = append(lines, l)
		}
		i := Draft(draftOf(lines...)).Invoices[0]
		i.Number, i.State = "R1", StateIssued
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
		sums := map[money.Currency]money.Decimal{}
		for _, e := range entries {
			if e.Debit.Sign() < 0 || e.Credit.Sign() < 0 || e.Debit.IsZero() == e.Credit.IsZero() {
				rt.Fatalf("entry %+v", e)
			}
			sums[e.Currency] = sums[e.Currency].Add(e.Debit).Sub(e.Credit)
		}
		for c, left := range sums {
			if !left.IsZero() {
				rt.Fatalf("%s is out of balance by %s", c, left)
			}
		}
	})
}
