package billing

import (
	"errors"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

func pay(number, amount string, c money.Currency) Payment {
	return NewPayment(number, period.MustDate("2026-05-02"), dec(amount), c, "ref")
}

func TestPaymentsAddUpToPaid(t *testing.T) {
	t.Parallel()
	i := issued(t, "R1", sell("usage", "100.00"))
	i, err := Pay(i, pay("R1", "19.00", "EUR"))
	if err != nil || i.State != StateIssued || i.Open().String() != "100.00" {
		t.Fatalf("after a part: %s, open %s, %v", i.State, i.Open(), err)
	}
	note, _ := credit(t, i, nil, CreditLine{N: 1, Amount: amount("50.00")})
	note = issue(t, note, "G1")
	if open := i.Open(note); open.String() != "40.50" {
		t.Errorf("open after a credit of 59.50: %s, want 40.50", open)
	}
	i, err = Pay(i, pay("R1", "40.50", "EUR"), note)
	if err != nil || i.State != StatePaid || i.Paid.String() != "59.50" {
		t.Errorf("after the rest: %s paid %s, %v", i.State, i.Paid, err)
	}
	note, err = Pay(note, pay("G1", "-59.50", "EUR"))
	if err != nil || note.State != StatePaid {
		t.Errorf("a credit note is paid out: %s %v", note.State, err)
	}
}

func TestPaymentIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	i := issued(t, "R1", sell("usage", "100.00"))
	for _, c := range []struct {
		p    Payment
		code errs.Code
	}{
		{pay("R2", "1", "EUR"), "payment.other_invoice"},
		{pay("R1", "1", "USD"), "payment.currency"},
		{pay("R1", "0", "EUR"), "payment.amount"},
		{pay("R1", "1.001", "EUR"), "payment.amount"},
		{pay("R1", "119.01", "EUR"), "payment.exceeds_open"},
		{pay("R1", "-1", "EUR"), "payment.exceeds_open"},
	} {
		_, err := Pay(i, c.p)
		wantCode(t, err, c.code)
	}
	_, err := Pay(one(t, draftOf(sell("usage", "1.00"))), pay("", "1", "EUR"))
	wantCode(t, err, "payment.not_issued")
}

func TestPaymentFileIsRead(t *testing.T) {
	t.Parallel()
	text := "\ufeffInvoice Number,Date,Amount,Currency,Reference\nR1, 2026-05-02,119.00,eur,\"a, b\"\nR1,2026-05-03,119.00,EUR,x\n"
	got, err := ParsePayments(strings.NewReader(text), "bank.csv")
	if err != nil || len(got) != 2 {
		t.Fatalf("%d payments, %v", len(got), err)
	}
	if p := got[0]; p.InvoiceNumber != "R1" || p.On.String() != "2026-05-02" || p.Amount.String() != "119.00" || p.Currency != "EUR" || p.Reference != "a, b" {
		t.Errorf("payment %+v", p)
	}
	if got[0].ID == got[1].ID || got[0].ID != NewPayment("R1", got[0].On, dec("119"), "EUR", "a, b").ID {
		t.Error("the id is made of the payment's own fields")
	}
}

func TestPaymentFileReportsEveryFaultWithItsPlace(t *testing.T) {
	t.Parallel()
	text := "invoice,date,amount,currency\n,2026-13-01,\"1,5\",EURO\nR1,2026-05-02,1.00,EUR\nR1,2026-05-02,1.00,EUR\nR1,2026-05-02\n"
	got, err := ParsePayments(strings.NewReader(text), "bank.csv")
	wantCode(t, err, "payment.file")
	var e *errs.Error
	if !errors.As(err, &e) || got != nil {
		t.Fatalf("payments %v kept with faults", got)
	}
	var places []string
	for _, f := range e.Fields {
		places = append(places, f.Place)
	}
	want := "bank.csv:2:1 bank.csv:2:2 bank.csv:2:3 bank.csv:2:4 bank.csv:4:1 bank.csv:5:1"
	if joined := strings.Join(places, " "); joined != want {
		t.Errorf("places %s, want %s", joined, want)
	}
	_, err = ParsePayments(strings.NewReader("invoice,when,amount,amount\n"), "bank.csv")
	if err == nil || !strings.Contains(err.Error(), "column date is missing") || !strings.Contains(err.Error(), "stands twice") {
		t.Errorf("header: %v", err)
	}
}

func FuzzParsePayments(f *testing.F) {
	f.Add("invoice,date,amount,currency,reference\nR1,2026-05-02,119.00,EUR,x\n")
	f.Add("invoice,date,amount,currency\n\"R1,2026-05-02")
	f.Add("\ufeffnumber;date\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := ParsePayments(strings.NewReader(text), "f")
		if err != nil && (got != nil || !errors.Is(err, errs.Invalid)) {
			t.Fatalf("%d payments with %v", len(got), err)
		}
		for _, p := range got {
			if p.InvoiceNumber == "" || p.On.IsZero() || p.Amount.IsZero() || !p.Currency.Valid() {
				t.Fatalf("bad payment %+v", p)
			}
		}
	})
}
