package app_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

func byCreditNote(s *billing.Seller) { s.Correction = billing.CorrectCreditNote }

// billedMarch issues March's invoice of 30.00 for seats and 50.00 for Azure, then takes in other files of it.
func billedMarch(t *testing.T, policy func(*billing.Seller), now ...charge) (d *desk, number string, again app.Run) {
	t.Helper()
	d = newDesk(t, policy)
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"), acme("azure", "VM", "100", "0.5"))
	number = d.issue(d.draft(d.run(mar), "Acme").ID)
	d.recon("G000000001", mar, now...)
	return d, number, d.run(mar)
}

func keepPolicy(*billing.Seller) {}

func TestNothingChangedAfterIssueIsNoDocument(t *testing.T) {
	t.Parallel()
	d, _, again := billedMarch(t, keepPolicy, acme("azure", "VM", "100", "0.5"), acme("licence", "Plan", "3", "10.00"))
	if len(again.Drafts) != 0 || len(again.Problems) != 0 {
		t.Errorf("the same lines in another order: %+v %v", again.Drafts, again.Problems)
	}
	d.verifies(mar)
}

func TestWhatChangedAfterIssueIsACorrectionOnTheNextInvoice(t *testing.T) {
	t.Parallel()
	d, number, again := billedMarch(t, keepPolicy, acme("licence", "Plan", "4", "10.00"), acme("azure", "VM", "100", "0.5"), acme("azure", "Disk", "10", "0.2"))
	v := d.draft(again, "Acme")
	d.lines(v, "Correction: Disk (2026-03, not billed before): 2.00", "Correction: Plan (billed 30.00, now 40.00): 10.00")
	d.totals(v, "12.00", "2.28", "14.28")
	for _, l := range v.Lines {
		if l.Kind != billing.KindCorrection || l.CorrectsPeriod != mar || l.ServiceFrom != mar.First() || l.ServiceTo != mar.Last() {
			t.Errorf("a correction of %s from %s to %s: %+v", l.CorrectsPeriod, l.ServiceFrom, l.ServiceTo, l)
		}
	}
	if v.Lines[1].CorrectsNumber != number {
		t.Errorf("it corrects %q, want %s", v.Lines[1].CorrectsNumber, number)
	}
	second := d.issue(v.ID)
	if second != "2026-00002" || d.show(number).Net.Plain() != "80" {
		t.Errorf("the correction is %s, the first invoice %s", second, d.show(number).Net)
	}
	if run := d.run(mar); len(run.Drafts) != 0 {
		t.Errorf("corrected once is corrected: %+v", run.Drafts)
	}
	// And once more, against both documents: seats fall to 2, which is a credit.
	d.recon("G000000001", mar, acme("licence", "Plan", "2", "10.00"), acme("azure", "VM", "100", "0.5"), acme("azure", "Disk", "10", "0.2"))
	third := d.draft(d.run(mar), "Acme")
	d.lines(third, "Correction: Plan (billed 40.00, now 20.00): -20.00")
	if third.Type != billing.TypeCreditNote {
		t.Errorf("a negative correction is a %s", third.Type)
	}
	d.issue(third.ID)
	d.verifies(mar)
}

func TestWhatFellAfterIssueIsACreditNoteByPolicy(t *testing.T) {
	t.Parallel()
	d, number, again := billedMarch(t, byCreditNote, acme("licence", "Plan", "2", "10.00"), acme("azure", "VM", "104", "0.5"))
	v := d.draft(again, "Acme")
	d.lines(v, "Correction: VM (billed 50.00, now 52.00): 2.00", "Correction: Plan (billed 30.00, now 20.00): -10.00")
	d.totals(v, "-8.00", "-1.52", "-9.52")
	if v.Type != billing.TypeCreditNote || v.Corrects == nil || v.Corrects.Number != number {
		t.Errorf("%s of %+v, want a credit note of %s", v.Type, v.Corrects, number)
	}
	note := d.issue(v.ID)
	if note != "CN-2026-00001" {
		t.Errorf("number %s", note)
	}
	d.open_(number, "0", "85.68", billing.StateIssued)
	if run := d.run(mar); len(run.Drafts) != 0 {
		t.Errorf("corrected once is corrected: %+v", run.Drafts)
	}
	rest, err := d.credit(number) // a run gave 10.00 of the seats back already
	if err != nil {
		t.Fatal(err)
	}
	d.totals(d.show(rest.ID), "-70.00", "-13.30", "-83.30")
	d.verifies(mar)
}

func TestWhatRoseAfterIssueIsAnInvoiceEvenByCreditNotePolicy(t *testing.T) {
	t.Parallel()
	d, _, again := billedMarch(t, byCreditNote, acme("licence", "Plan", "5", "10.00"), acme("azure", "VM", "90", "0.5"))
	v := d.draft(again, "Acme")
	d.lines(v, "Correction: VM (billed 50.00, now 45.00): -5.00", "Correction: Plan (billed 30.00, now 50.00): 20.00")
	if v.Type != billing.TypeInvoice || v.Corrects != nil {
		t.Errorf("%s of %+v", v.Type, v.Corrects)
	}
	d.issue(v.ID)
	d.verifies(mar)
}

// Everything goes: the customer was billed by mistake. The credit note takes back all of two documents.
func TestACorrectionOfSeveralDocumentsStaysWithinThem(t *testing.T) {
	t.Parallel()
	d, number, again := billedMarch(t, byCreditNote, acme("licence", "Plan", "6", "10.00"), acme("azure", "VM", "100", "0.5"))
	second := d.issue(d.draft(again, "Acme").ID) // 30.00 more
	d.recon("G000000001", mar, beta("licence", "Plan", "1", "1.00"))
	run := d.run(mar)
	taken := map[string]decimal{}
	for _, row := range run.Drafts {
		v := d.show(row.ID)
		if v.Customer.Name != "Acme" {
			continue
		}
		if v.Type != billing.TypeCreditNote || v.Corrects == nil {
			t.Fatalf("%s, corrects %+v", v.Type, v.Corrects)
		}
		taken[v.Corrects.Number] = taken[v.Corrects.Number].Add(v.Net)
		d.issue(v.ID)
	}
	sameAmount(t, "taken back of "+number, taken[number], dec("-80.00"))
	sameAmount(t, "taken back of "+second, taken[second], dec("-30.00"))
	for _, n := range []string{number, second} {
		d.open_(n, "0", "0", billing.StateIssued)
	}
	if run := d.run(mar); len(run.Drafts) != 1 {
		t.Errorf("taken back once is taken back: %+v", run.Drafts)
	}
	d.verifies(mar)
}

func TestANewPriceAfterIssueIsACorrection(t *testing.T) {
	t.Parallel()
	d, _, _ := billedMarch(t, keepPolicy, acme("licence", "Plan", "3", "10.00"), acme("azure", "VM", "100", "0.5"))
	d.rules(`{"id":"less","select":{"productCategory":"licence"},"base":"cost","operations":[{"discount":"10"}]}`)
	v := d.draft(d.run(mar), "Acme")
	d.lines(v, "Correction: Plan (billed 30.00, now 27.00): -3.00")
	if v.Lines[0].RuleID != "less" {
		t.Errorf("rule %q", v.Lines[0].RuleID)
	}
	d.verifies(mar)
}

// Late usage belongs to the invoice that carries it: April's invoice has a line with March's service period.
func TestLateUsageIsBilledWithItsInvoice(t *testing.T) {
	t.Parallel()
	d, _, _ := billedMarch(t, keepPolicy, acme("licence", "Plan", "3", "10.00"), acme("azure", "VM", "100", "0.5"))
	late := acme("azure", "VM", "8", "0.5")
	late.Start, late.End = mar.First().String(), mar.Last().String()
	d.recon("G000000002", april, late, acme("azure", "VM", "60", "0.5"))
	v := d.draft(d.run(april), "Acme")
	d.lines(v, "VM: 4.00", "VM: 30.00")
	if v.Lines[0].ServiceFrom != mar.First() || v.Lines[0].ServiceTo != mar.Last() || v.Lines[0].Kind != billing.KindCharge {
		t.Errorf("late usage: %+v", v.Lines[0])
	}
	d.issue(v.ID)
	for _, m := range []month{mar, april} {
		if run := d.run(m); len(run.Drafts) != 0 {
			t.Errorf("%s again: %+v", m, run.Drafts)
		}
	}
	d.verifies(mar, april)
}

// An import tells which months it leaves behind.
func TestAnImportNamesTheMonthsToBillAgain(t *testing.T) {
	t.Parallel()
	d, _, _ := billedMarch(t, keepPolicy, acme("licence", "Plan", "3", "10.00"))
	content, _ := reconFile("G000000001", mar, []charge{acme("licence", "Plan", "7", "10.00")})
	report := d.imports(d.file("recon.csv", content))
	found := false
	for _, n := range report.Notes {
		found = found || n == "2026-03 was billed before this import: bill it again"
	}
	if !found {
		t.Errorf("notes: %v", report.Notes)
	}
	if report = d.imports(d.file("recon.csv", content)); len(report.Notes) != 0 {
		t.Errorf("the same again: %v", report.Notes)
	}
}
