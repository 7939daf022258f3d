package app_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// credited is a desk whose invoice has two rates of tax, a rule and a conversion: 30.00 EUR of licences and 50.00 of
// Azure, 10 % on top, sold in CHF at 0.95.
func credited(t *testing.T) (d *desk, number string) {
	t.Helper()
	d = newDesk(t, func(s *billing.Seller) { s.Tax.Rates = map[string]decimal{"licence": dec("7")} })
	d.rules(`{"id":"swiss","base":"cost","operations":[{"percent":"10"}],"currency":"CHF","fx":{"source":"fixed","rate":"0.95","on":"2026-01-05"}}`)
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"), acme("azure", "VM", "100", "0.5"))
	return d, d.issue(d.draft(d.run(mar), "Acme").ID)
}

func (d *desk) credit(number string, lines ...app.CreditLine) (app.InvoiceRow, error) {
	return d.app.Credit(d.Context(), number, app.CreditRequest{Reason: "agreed", Lines: lines})
}

func TestACreditInFullMirrorsItsInvoice(t *testing.T) {
	t.Parallel()
	d, number := credited(t)
	original := d.show(number)
	d.totals(original, "83.60", "12.12", "95.72") // 52.25 at 19 %: 9.9275; 31.35 at 7 %: 2.1945
	d.rules(`{"id":"swiss","base":"cost","operations":[{"percent":"99"}],"currency":"CHF","fx":{"source":"fixed","rate":"2"}}`)
	d.seller(func(s *billing.Seller) { s.Tax.Rate = dec("25") })
	row, err := d.credit(number)
	if err != nil {
		t.Fatal(err)
	}
	note := d.show(d.issue(row.ID))
	d.totals(note, "-83.60", "-12.12", "-95.72")
	if note.Type != billing.TypeCreditNote || note.Corrects == nil || note.Corrects.Number != number || note.Reason != "agreed" {
		t.Errorf("the note: %+v", note.InvoiceRow)
	}
	for i, l := range note.Lines {
		of := original.Lines[i]
		if l.CorrectsLine != of.N || l.RuleID != of.RuleID || l.RuleVersion != of.RuleVersion || l.Tax != of.Tax || !l.TaxRate.Equal(of.TaxRate) ||
			l.Exchange == nil || !l.Exchange.Rate.Equal(of.Exchange.Rate) || l.Exchange.On != of.Exchange.On || l.Exchange.Source != of.Exchange.Source ||
			!l.UnitPrice.Equal(of.UnitPrice) || l.ServiceFrom != of.ServiceFrom || l.ServiceTo != of.ServiceTo {
			t.Errorf("line %d does not mirror its original:\n%+v\n%+v", l.N, l, of)
		}
		sameAmount(t, "net and its original", l.Net.Add(of.Net), dec("0"))
		sameAmount(t, "converted amount and its original", l.Exchange.Amount.Add(of.Exchange.Amount), dec("0"))
	}
	d.open_(number, "0", "0", billing.StateIssued)
	_, err = d.credit(number)
	d.refused(err, "credit.nothing_left")
	_, err = d.credit(note.Corrects.Number, app.CreditLine{N: 1})
	d.refused(err, "credit.invalid")
	d.verifies(mar)
}

func TestCreditsStayWithinTheInvoice(t *testing.T) {
	t.Parallel()
	d, number := credited(t)
	first, err := d.credit(number, app.CreditLine{N: 1, Amount: ptr("40.00")})
	if err != nil {
		t.Fatal(err)
	}
	d.totals(d.show(first.ID), "-40.00", "-7.60", "-47.60")
	_, err = d.credit(number, app.CreditLine{N: 1, Amount: ptr("12.26")}) // a draft note counts
	d.refused(err, "credit.invalid")
	_, err = d.credit(number, app.CreditLine{N: 1, Amount: ptr("0")}, app.CreditLine{N: 3}, app.CreditLine{N: 2, Amount: ptr("0.001")})
	d.refused(err, "credit.invalid")
	if got := fieldsOf(err); len(got) != 3 {
		t.Errorf("faults %v, want one for each line", got)
	}
	if _, err := d.app.Void(t.Context(), first.ID, "typed wrong"); err != nil {
		t.Fatal(err)
	}
	second, err := d.credit(number, app.CreditLine{N: 1, Amount: ptr("52.24")})
	if err != nil {
		t.Fatal(err)
	}
	third, err := d.credit(number) // what is left: a cent, and line 2
	if err != nil {
		t.Fatal(err)
	}
	d.totals(d.show(second.ID), "-52.24", "-9.93", "-62.17")
	d.totals(d.show(third.ID), "-31.36", "-2.19", "-33.55") // the cent's tax was taken back with the others
	d.issue(third.ID)
	note := d.issue(second.ID)
	d.open_(number, "0", "0", billing.StateIssued)
	_, err = d.app.Credit(t.Context(), note, app.CreditRequest{Reason: "back again"})
	d.refused(err, "credit.of_credit_note")
	d.verifies(mar)
}

func TestACreditNeedsAnIssuedInvoiceAndAReason(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"))
	id := d.draft(d.run(mar), "Acme").ID
	_, err := d.credit(id)
	d.refused(err, "credit.not_issued")
	number := d.issue(id)
	_, err = d.app.Credit(t.Context(), number, app.CreditRequest{})
	d.refused(err, "credit.reason_missing")
}

// A credit that a person gave is no mistake that the next run puts right.
func TestALaterRunLeavesCreditsAlone(t *testing.T) {
	t.Parallel()
	d, number := credited(t)
	row, err := d.credit(number, app.CreditLine{N: 2, Amount: ptr("5.00")})
	if err != nil {
		t.Fatal(err)
	}
	if run := d.run(mar); len(run.Drafts) != 0 {
		t.Errorf("a run with a draft credit: %+v", run.Drafts)
	}
	d.issue(row.ID)
	if run := d.run(mar); len(run.Drafts) != 0 {
		t.Errorf("a run with an issued credit: %+v", run.Drafts)
	}
	rest, err := d.credit(number)
	if err != nil {
		t.Fatal(err)
	}
	d.issue(rest.ID)
	again := d.draft(d.run(mar), "Acme") // credited in full it is as if it had never been
	d.totals(again, "83.60", "12.12", "95.72")
	d.lines(again, "VM: 52.25", "Plan: 31.35") // no correction of something that is not there
	d.issue(again.ID)
	if run := d.run(mar); len(run.Drafts) != 0 {
		t.Errorf("billed again, a run still drafts: %+v", run.Drafts)
	}
	d.verifies(mar)
}

// 1.90 of tax on 10.00 is taken back in three parts of 0.63, 0.63 and 0.64, also after the drafts were looked at again.
func TestPartialCreditsTakeBackAllOfTheTax(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.recon("G000000001", mar, acme("licence", "Plan", "1", "10.00"))
	number := d.issue(d.draft(d.run(mar), "Acme").ID)
	for _, c := range []struct{ amount, gross string }{{"3.33", "-3.96"}, {"3.33", "-3.96"}, {"3.34", "-3.98"}} {
		row, err := d.credit(number, app.CreditLine{N: 1, Amount: ptr(c.amount)})
		if err != nil {
			t.Fatal(err)
		}
		sameAmount(t, "credit of "+c.amount, d.show(d.issue(row.ID)).Gross, dec(c.gross))
	}
	d.open_(number, "0", "0", billing.StateIssued)
	d.verifies(mar)
}

// A draft that fitted when it was made does not fit any more when another one was issued first.
func TestTwoDraftCreditsDoNotExceedTheInvoiceTogether(t *testing.T) {
	t.Parallel()
	d := newDesk(t, byCreditNote)
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"))
	number := d.issue(d.draft(d.run(mar), "Acme").ID)
	byHand, err := d.credit(number)
	if err != nil {
		t.Fatal(err)
	}
	d.recon("G000000001", mar, acme("licence", "Plan", "1", "10.00"))
	run := d.draft(d.run(mar), "Acme")
	d.totals(run, "-20.00", "-3.80", "-23.80")
	d.issue(run.ID)
	d.approve(byHand.ID)
	_, err = d.app.Issue(t.Context(), byHand.ID, app.Actor{})
	d.refused(err, "credit.exceeds_invoice")
	if _, err := d.app.Void(t.Context(), byHand.ID, "overtaken"); err != nil {
		t.Fatal(err)
	}
	rest, err := d.credit(number) // what is left
	if err != nil {
		t.Fatal(err)
	}
	d.totals(d.show(rest.ID), "-10.00", "-1.90", "-11.90")
	d.issue(rest.ID)
	d.open_(number, "0", "0", billing.StateIssued)
}
