package app_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
)

// A month's journal: two documents and a credit note, two categories, a service paid in advance, cost in another
// currency than the sale; nothing of what is still a draft.
func TestAMonthsJournal(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.rates(mar, "EUR", "1.2", "CHF", "1.25")
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"), acme("azure", "VM", "100", "0.5"), beta("azure", "VM", "10", "1"),
		charge{Kind: "azure", Customer: "Gamma", Tenant: tenantOf("c"), Title: "VM", Quantity: "1", Price: "5"})
	d.setCustomer("Beta", `{"currency":"CHF"}`)
	d.service(`{"customer_id":"Acme","name":"Care","model":"recurring","timing":"advance","price":"31.00","quantity":"1","currency":"EUR","cost":"10","from":"2026-02-01"}`)
	run := d.run(mar)
	number := d.issue(d.draft(run, "Acme").ID)
	d.issue(d.draft(run, "Beta").ID)
	note, err := d.credit(number, app.CreditLine{N: 2, Amount: ptr("1.00")})
	if err != nil {
		t.Fatal(err)
	}
	d.issue(note.ID)
	entries, err := d.app.JournalEntries(t.Context(), mar)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := app.WriteJournal(&b, entries); err != nil {
		t.Fatal(err)
	}
	var got []string
	for l := range strings.Lines(b.String()) {
		f := strings.Split(strings.TrimSpace(l), ",")
		got = append(got, strings.Join(append(f[:3], f[5:]...), " ")) // without words and the customer's id
	}
	want := `document date account category debit credit currency
2026-00001 2026-04-09 accounts-receivable  132.09 0.00 EUR
2026-00001 2026-04-09 revenue Azure plan 0.00 50.00 EUR
2026-00001 2026-04-09 revenue licence 0.00 30.00 EUR
2026-00001 2026-04-09 deferred-revenue service 0.00 31.00 EUR
2026-00001 2026-04-09 vat-payable S 19 % 0.00 21.09 EUR
2026-00001 2026-04-09 cost-of-sales Azure plan 50.00 0.00 EUR
2026-00001 2026-04-09 upstream-accrual Azure plan 0.00 50.00 EUR
2026-00001 2026-04-09 cost-of-sales licence 30.00 0.00 EUR
2026-00001 2026-04-09 upstream-accrual licence 0.00 30.00 EUR
2026-00001 2026-04-09 cost-of-sales service 10.00 0.00 EUR
2026-00001 2026-04-09 upstream-accrual service 0.00 10.00 EUR
2026-00001 2026-04-30 deferred-revenue service 31.00 0.00 EUR
2026-00001 2026-04-30 revenue service 0.00 31.00 EUR
2026-00002 2026-04-09 accounts-receivable  11.42 0.00 CHF
2026-00002 2026-04-09 revenue Azure plan 0.00 9.60 CHF
2026-00002 2026-04-09 vat-payable S 19 % 0.00 1.82 CHF
2026-00002 2026-04-09 cost-of-sales Azure plan 10.00 0.00 EUR
2026-00002 2026-04-09 upstream-accrual Azure plan 0.00 10.00 EUR
CN-2026-00001 2026-04-09 accounts-receivable  0.00 1.19 EUR
CN-2026-00001 2026-04-09 revenue licence 1.00 0.00 EUR
CN-2026-00001 2026-04-09 vat-payable S 19 % 0.19 0.00 EUR`
	if joined := strings.Join(got, "\n"); joined != want {
		t.Errorf("journal\n%s\nwant\n%s", joined, want)
	}
}
