package billing

import (
	"errors"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

func wantCode(t *testing.T, err error, code errs.Code) {
	t.Helper()
	if errs.CodeOf(err) != code {
		t.Errorf("error %v, want code %s", err, code)
	}
}

// issued brings lines through all states to an issued document.
func issued(t *testing.T, number string, lines ...SellLine) Invoice {
	t.Helper()
	return issue(t, one(t, draftOf(lines...)), number)
}

func issue(t *testing.T, i Invoice, number string) Invoice {
	t.Helper()
	i, err := Validate(i, nil)
	if err != nil {
		t.Fatal(err)
	}
	if i, err = Approve(i, "bob", ApprovalPolicy{}); err != nil {
		t.Fatal(err)
	}
	on := period.MustDate("2026-04-10")
	i, err = Issue(i, testSeller(), Issuance{number, on, DueOn(on, testSeller(), testBuyer()), noon})
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestDocumentGoesFromDraftToPaid(t *testing.T) {
	t.Parallel()
	i := issued(t, "R2026-00001", sell("usage", "100.00"))
	if i.State != StateIssued || i.DueOn.String() != "2026-05-10" || i.ContentHash != i.Hash() || i.ApprovedBy != "bob" {
		t.Errorf("issued document %s due %s hash %q", i.State, i.DueOn, i.ContentHash)
	}
	if s := i.StateOn(period.MustDate("2026-05-10")); s != StateIssued {
		t.Errorf("on the due day it is %s, want issued", s)
	}
	if s := i.StateOn(period.MustDate("2026-05-11")); s != StateOverdue {
		t.Errorf("a day later it is %s, want overdue", s)
	}
	i, err := Pay(i, NewPayment("R2026-00001", period.MustDate("2026-05-12"), dec("119.00"), "EUR", "x"))
	if err != nil || i.State != StatePaid || i.ContentHash != i.Hash() {
		t.Errorf("paid: %s, %v; paying must not change the hash", i.State, err)
	}
}

func TestTransitionsAreRefusedWithAReason(t *testing.T) {
	t.Parallel()
	draft, final := one(t, draftOf(sell("usage", "100.00"))), issued(t, "R1", sell("usage", "100.00"))
	_, err := Validate(draft, []string{"seats differ"})
	wantCode(t, err, "invoice.findings_open")
	_, err = Approve(draft, "bob", ApprovalPolicy{})
	wantCode(t, err, "invoice.wrong_state")
	_, err = Issue(draft, testSeller(), Issuance{Number: "R1"})
	wantCode(t, err, "invoice.wrong_state")
	_, err = Void(final, "mistake")
	wantCode(t, err, "invoice.issued")
	_, err = Void(draft, " ")
	wantCode(t, err, "invoice.reason_missing")
	_, err = Validate(final, nil)
	wantCode(t, err, "invoice.wrong_state")
	void, err := Void(draft, "made twice")
	if err != nil || void.State != StateVoid || void.Reason != "made twice" {
		t.Errorf("void: %s %v", void.State, err)
	}
}

func TestFourEyesAboveAnAmount(t *testing.T) {
	t.Parallel()
	policy := ApprovalPolicy{FourEyesAbove: map[money.Currency]money.Decimal{"EUR": dec("119.00")}}
	small, _ := Validate(one(t, draftOf(sell("usage", "100.00"))), nil)
	if _, err := Approve(small, "ann", policy); err != nil {
		t.Errorf("119.00 is not above 119.00: %v", err)
	}
	large, _ := Validate(one(t, draftOf(sell("usage", "100.01"))), nil)
	_, err := Approve(large, "ann", policy)
	wantCode(t, err, "invoice.four_eyes")
	if _, err := Approve(large, "bob", policy); err != nil {
		t.Errorf("somebody else may approve: %v", err)
	}
}

func TestIssueListsEveryGap(t *testing.T) {
	t.Parallel()
	in := draftOf(sell("usage", "100.00"))
	in.Seller, in.Buyer.Party, in.Estimate = Seller{Tax: TaxPolicy{Rate: dec("19")}}, Party{Name: "Kunde"}, true
	i, _ := Validate(one(t, in), nil)
	i, _ = Approve(i, "bob", ApprovalPolicy{})
	_, err := Issue(i, in.Seller, Issuance{})
	wantCode(t, err, "invoice.incomplete")
	var e *errs.Error
	if !errors.As(err, &e) {
		t.Fatal("no fields")
	}
	var places []string
	for _, f := range e.Fields {
		places = append(places, f.Place)
	}
	want := "/estimate /seller/name /seller/address/street /seller/address/city /seller/address/country " +
		"/buyer/address/street /buyer/address/city /buyer/address/country /seller/invoiceSeries /seller/bank/iban " +
		"/seller/vatId /number"
	if got := strings.Join(places, " "); got != want {
		t.Errorf("gaps\n%s\nwant\n%s", got, want)
	}
}

func TestReverseChargeNeedsBothVATIDs(t *testing.T) {
	t.Parallel()
	in := draftOf(sell("usage", "100.00"))
	in.Buyer.TaxCategory, in.Buyer.Party.VATID = TaxReverseCharge, ""
	gaps := ReadyToIssue(one(t, in), in.Seller)
	if len(gaps) != 1 || gaps[0].Place != "/buyer/vatId" {
		t.Errorf("gaps %v, want the buyer's VAT id", gaps)
	}
}

func TestRefreshTakesNewDataAndTax(t *testing.T) {
	t.Parallel()
	i, b := one(t, draftOf(sell("usage", "100.00"))), testBuyer()
	b.Party.Address.Country = "FR"
	r := Refresh(i, testSeller(), b, nil)
	wantTotals(t, r, "100.00", "0.00", "100.00")
	if r.Taxes[0].Category != TaxReverseCharge || r.Taxes[0].Reason != "Reverse charge" || i.Lines[0].Tax != TaxStandard {
		t.Errorf("taxes %+v; the first document keeps %s", r.Taxes, i.Lines[0].Tax)
	}
}
