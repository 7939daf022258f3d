package app_test

import (
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// payable is a desk with one issued invoice of 35.70 EUR, and its number.
func payable(t *testing.T, policies ...func(*billing.Seller)) (*desk, string) {
	t.Helper()
	d := newDesk(t, policies...)
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"))
	return d, d.issue(d.draft(d.run(mar), "Acme").ID)
}

func (d *desk) pay(number, amount, reference string) (app.InvoiceRow, error) {
	return d.app.Pay(d.Context(), number, ptr(amount), period.MustDate("2026-04-20"), reference)
}

func (d *desk) open_(number, paid, open string, state billing.State) {
	d.Helper()
	v := d.show(number)
	sameAmount(d.T, number+" paid", v.Paid, dec(paid))
	sameAmount(d.T, number+" open", v.Open, dec(open))
	if v.State != state {
		d.Errorf("%s is %s, want %s", number, v.State, state)
	}
}

func TestAnInvoiceIsPaidInParts(t *testing.T) {
	t.Parallel()
	d, number := payable(t)
	if row, err := d.pay(number, "20.00", "first"); err != nil || row.State != billing.StateIssued {
		t.Fatalf("%+v, %v", row, err)
	}
	d.open_(number, "20.00", "15.70", billing.StateIssued)
	_, err := d.pay(number, "15.71", "too much")
	d.refused(err, "payment.exceeds_open")
	_, err = d.pay(number, "-1.00", "back")
	d.refused(err, "payment.exceeds_open")
	_, err = d.pay(number, "1.001", "odd")
	d.refused(err, "payment.amount")
	d.open_(number, "20.00", "15.70", billing.StateIssued)
	if row, err := d.app.Pay(t.Context(), number, nil, period.Date{}, "rest"); err != nil || row.State != billing.StatePaid {
		t.Fatalf("%+v, %v", row, err)
	}
	d.open_(number, "35.70", "0", billing.StatePaid)
	_, err = d.pay(number, "0.01", "after all")
	d.refused(err, "payment.exceeds_open")
	d.verifies(mar)
}

func TestADraftIsNotPaid(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"))
	_, err := d.pay(d.draft(d.run(mar), "Acme").ID, "1.00", "early")
	d.refused(err, "payment.not_issued")
}

func TestTheSamePaymentTwiceIsOne(t *testing.T) {
	t.Parallel()
	d, number := payable(t)
	for range 2 {
		if _, err := d.pay(number, "10.00", "bank 1"); err != nil {
			t.Fatal(err)
		}
	}
	d.open_(number, "10.00", "25.70", billing.StateIssued)
	if _, err := d.pay(number, "10.00", "bank 2"); err != nil {
		t.Fatal(err)
	}
	d.open_(number, "20.00", "15.70", billing.StateIssued)
}

func TestAnInvoiceIsOverdueByTheClock(t *testing.T) {
	t.Parallel()
	d, number := payable(t) // issued on 9 April, due on the 23rd
	states := func() (show, list billing.State) {
		rows, err := d.app.Invoices(t.Context(), app.InvoiceFilter{Period: mar})
		if err != nil || len(rows) == 0 {
			t.Fatal(rows, err)
		}
		return d.show(number).State, rows[0].State
	}
	for day, want := range map[string]billing.State{"2026-04-23": billing.StateIssued, "2026-04-24": billing.StateOverdue} {
		d.on(day)
		if show, list := states(); show != want || list != want {
			t.Errorf("on %s it is %s, in the list %s, want %s", day, show, list, want)
		}
	}
	d.on("2026-05-01")
	rows, err := d.app.Invoices(t.Context(), app.InvoiceFilter{State: billing.StateOverdue})
	if err != nil || len(rows) != 1 {
		t.Errorf("overdue ones: %+v, %v", rows, err)
	}
	if rows, err = d.app.Invoices(t.Context(), app.InvoiceFilter{State: billing.StateIssued}); err != nil || len(rows) != 0 {
		t.Errorf("issued ones that are not overdue: %+v, %v", rows, err)
	}
	if _, err := d.app.Pay(t.Context(), number, nil, period.Date{}, "late"); err != nil {
		t.Fatal(err)
	}
	if show, list := states(); show != billing.StatePaid || list != billing.StatePaid {
		t.Errorf("paid late it is %s, in the list %s", show, list)
	}
}

func TestACreditedInvoiceIsNotOverdue(t *testing.T) {
	t.Parallel()
	d, number := payable(t)
	note, err := d.app.Credit(t.Context(), number, app.CreditRequest{Reason: "goodwill"})
	if err != nil {
		t.Fatal(err)
	}
	d.issue(note.ID)
	d.on("2026-07-01")
	if v := d.show(number); v.State == billing.StateOverdue || !v.Open.IsZero() {
		t.Errorf("credited in full it is %s with %s open", v.State, v.Open)
	}
	rows, err := d.app.Invoices(t.Context(), app.InvoiceFilter{State: billing.StateOverdue})
	if err != nil || len(rows) != 0 {
		t.Errorf("overdue: %+v, %v", rows, err)
	}
}

func TestAPaymentFileIsTakenWholeOrNotAtAll(t *testing.T) {
	t.Parallel()
	d, number := payable(t)
	note, err := d.app.Credit(t.Context(), number, app.CreditRequest{Reason: "goodwill", Lines: []app.CreditLine{{N: 1, Amount: ptr("10.00")}}})
	if err != nil {
		t.Fatal(err)
	}
	credit := d.issue(note.ID) // 11.90 of the 35.70 is taken back
	bad := "invoice,date,amount,currency,reference\n" +
		number + ",2026-04-20,10.00,EUR,a\n" +
		number + ",2026-04-20,13.81,EUR,b\n" + // with the row before: one cent more than is open
		number + ",2026-04-21,1.00,USD,c\n" +
		"2026-09999,2026-04-21,1.00,EUR,d\n" +
		credit + ",2026-04-21,1.00,EUR,e\n"
	_, err = d.app.ImportPayments(t.Context(), d.file("bad.csv", []byte(bad)))
	d.refused(err, "payments.refused")
	want := "bad.csv:3 payment.exceeds_open\nbad.csv:4 payment.currency\nbad.csv:5 invoice.unknown\nbad.csv:6 payment.exceeds_open"
	if got := strings.Join(fieldsOf(err), "\n"); got != want {
		t.Errorf("faults:\n%s\nwant:\n%s", got, want)
	}
	d.open_(number, "0", "23.80", billing.StateIssued)
	_, err = d.app.ImportPayments(t.Context(), d.file("worse.csv", []byte("invoice,date,amount,currency\n"+number+",20.04.2026,1 000,EUR\n"+number+",2026-04-20,1.00,EUR,x\n")))
	d.refused(err, "payment.file")
	good := "Invoice Number,Date,Amount,Currency,Reference\n" + number + ",2026-04-20,10.00,eur,a\n" + number + ",2026-04-20,13.80,EUR,b\n" + credit + ",2026-04-21,-11.90,EUR,c\n"
	for i, want := range []app.PaymentsReport{{Recorded: 3}, {Known: 3}} {
		got, err := d.app.ImportPayments(t.Context(), d.file("good.csv", []byte(good)))
		if err != nil || got != want {
			t.Errorf("import %d: %+v, %v, want %+v", i+1, got, err, want)
		}
	}
	d.open_(number, "23.80", "0", billing.StatePaid)
	d.open_(credit, "-11.90", "0", billing.StatePaid)
	d.verifies(mar)
}
