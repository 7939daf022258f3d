package billing

import (
	"strconv"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"pgregory.net/rapid"
)

func amount(s string) *money.Decimal { d := dec(s); return &d }

// seats is an issued invoice of 10 seats at 12.00 and a fee of 30.00.
func seats(t *testing.T) Invoice {
	t.Helper()
	l := sell("seats", "120.00")
	l.Quantity, l.Cost, l.RuleID, l.RuleVersion = dec("10"), dec("100.00"), "rule_1", 3
	l.Exchange = &Exchange{From: "USD", Amount: dec("130.00"), Rate: dec("0.923076923077"), Source: "microsoft", On: march.First()}
	return issued(t, "R2026-00001", l, sell("support", "30.00"))
}

func credit(t *testing.T, of Invoice, earlier []Invoice, lines ...CreditLine) (Invoice, error) {
	t.Helper()
	return Credit(of, CreditRequest{Lines: lines, Full: lines == nil, Reason: "order change", By: "ann", Now: noon}, earlier)
}

func TestFullCreditMirrorsTheInvoice(t *testing.T) {
	t.Parallel()
	of := seats(t)
	note, err := credit(t, of, nil)
	if err != nil {
		t.Fatal(err)
	}
	wantTotals(t, note, "-150.00", "-28.50", "-178.50")
	l := note.Lines[0]
	if l.RuleID != "rule_1" || l.RuleVersion != 3 || l.Exchange.Rate.String() != "0.923076923077" || l.Tax != TaxStandard || l.TaxRate.String() != "19" {
		t.Errorf("rule, rate and tax are not the original's: %+v", l)
	}
	if l.Quantity.String() != "-10" || l.UnitPrice.String() != "12.00" || l.Cost.String() != "-100.00" || l.CorrectsLine != 1 {
		t.Errorf("line %+v", l)
	}
	if note.Corrects == nil || note.Corrects.Number != "R2026-00001" || note.Corrects.IssuedOn.String() != "2026-04-10" {
		t.Errorf("reference %+v", note.Corrects)
	}
	if note.State != StateDraft || note.Number != "" || note.ContentHash != "" || of.Lines[0].Net.String() != "120.00" {
		t.Error("the note is a draft of its own and the original stays as it is")
	}
	_, err = credit(t, of, []Invoice{note})
	wantCode(t, err, "credit.nothing_left")
}

func TestPartialCreditByQuantityAndAmount(t *testing.T) {
	t.Parallel()
	of := seats(t)
	first, err := credit(t, of, nil, CreditLine{N: 1, Quantity: amount("3")}, CreditLine{N: 2, Amount: amount("10.00")})
	if err != nil {
		t.Fatal(err)
	}
	wantTotals(t, first, "-46.00", "-8.74", "-54.74")
	if l := first.Lines[0]; l.Quantity.String() != "-3" || l.Net.String() != "-36.00" || l.Cost.String() != "-30.00" {
		t.Errorf("seats %+v", l)
	}
	if l := first.Lines[1]; l.Quantity.String() != "-1" || l.UnitPrice.String() != "10.00" || !l.Cost.IsZero() {
		t.Errorf("a price reduction leaves the cost: %+v", l)
	}
	_, err = credit(t, of, []Invoice{first}, CreditLine{N: 1, Quantity: amount("8")}, CreditLine{N: 2, Amount: amount("20.01")}, CreditLine{N: 9})
	wantCode(t, err, "credit.invalid")
	rest, err := credit(t, of, []Invoice{first})
	if err != nil {
		t.Fatal(err)
	}
	wantTotals(t, rest, "-104.00", "-19.76", "-123.76")
}

func TestCreditIsRefusedWithAReason(t *testing.T) {
	t.Parallel()
	of := seats(t)
	draft := one(t, draftOf(sell("x", "1.00")))
	_, err := Credit(draft, CreditRequest{Full: true, Reason: "r"}, nil)
	wantCode(t, err, "credit.not_issued")
	_, err = Credit(of, CreditRequest{Full: true}, nil)
	wantCode(t, err, "credit.reason_missing")
	note, _ := credit(t, of, nil)
	_, err = Credit(note, CreditRequest{Full: true, Reason: "r"}, nil)
	wantCode(t, err, "credit.of_credit_note")
	mixed := issued(t, "R2", sell("usage", "100.00"), sell("credit", "-50.00"))
	_, err = credit(t, mixed, nil, CreditLine{N: 2})
	wantCode(t, err, "credit.exceeds_invoice")
	_, err = credit(t, mixed, nil, CreditLine{N: 1})
	wantCode(t, err, "credit.exceeds_invoice")
}

// Whatever is credited in whatever order, the notes never take back more than the invoice, and crediting the rest
// leaves exactly nothing, tax included.
func TestCreditsNeverExceedTheInvoice(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var lines []SellLine
		for k := range rapid.IntRange(1, 4).Draw(rt, "lines") {
			l := sell(strconv.Itoa(k), money.New(rapid.Int64Range(-5000, 20000).Draw(rt, "net"), -2).String())
			l.Quantity = money.FromInt(rapid.Int64Range(1, 9).Draw(rt, "quantity"))
			lines = append(lines, l)
		}
		of := Draft(draftOf(lines...)).Invoices[0]
		if of.Type == TypeCreditNote {
			return
		}
		of.State, of.Number = StateIssued, "R1"
		var notes []Invoice
		for range rapid.IntRange(0, 5).Draw(rt, "notes") {
			want := CreditLine{N: rapid.IntRange(1, len(lines)).Draw(rt, "line")}
			if rapid.Bool().Draw(rt, "by quantity") {
				want.Quantity = amount(strconv.Itoa(rapid.IntRange(1, 5).Draw(rt, "units")))
			} else {
				want.Amount = amount(money.New(rapid.Int64Range(1, 9000).Draw(rt, "amount"), -2).String())
			}
			if note, err := credit(t, of, notes, want); err == nil {
				notes = append(notes, note)
			}
		}
		if note, err := credit(t, of, notes); err == nil {
			notes = append(notes, note)
		}
		net, tax := of.Net, of.Tax
		for _, n := range notes {
			if n.Net.Sign() > 0 || n.Gross.Sign() > 0 {
				rt.Fatalf("a note raises the bill: %s", n.Gross)
			}
			net, tax = net.Add(n.Net), tax.Add(n.Tax)
		}
		if !net.IsZero() || !tax.IsZero() {
			rt.Fatalf("of %s + %s, %s + %s is left after crediting all", of.Net, of.Tax, net, tax)
		}
	})
}
