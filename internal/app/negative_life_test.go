package app_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

func carryForward(s *billing.Seller) { s.Negative = billing.NegativeCarryForward }

// months bills one invoice of Microsoft's for each month from February on, each with the given lines of Acme.
func (d *desk) months(lines ...[]charge) []app.Run {
	d.Helper()
	var runs []app.Run
	for i, rows := range lines {
		m := feb.Add(i)
		d.recon("G00000010"+m.String()[6:], m, rows...)
		runs = append(runs, d.run(m))
	}
	return runs
}

// G22's customer C: a credit of 50.00 against a licence of 9.60.
func creditOf(amount, licence string) []charge {
	rows := []charge{acme("credit", "Plan", "1", "-"+amount)}
	if licence != "" {
		rows = append(rows, acme("licence", "Seats", "1", licence))
	}
	return rows
}

func TestANegativeTotalIsACreditNoteByPolicy(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	run := d.months(creditOf("50.00", "9.60"))[0]
	v := d.draft(run, "Acme")
	d.totals(v, "-40.40", "-7.68", "-48.08")
	if v.Type != billing.TypeCreditNote {
		t.Errorf("type %s", v.Type)
	}
	number := d.issue(v.ID)
	if number != "CN-2026-00001" {
		t.Errorf("number %s, want one of the credit notes' own series", number)
	}
	_, err := d.pay(number, "1.00", "wrong way")
	d.refused(err, "payment.exceeds_open")
	if _, err := d.pay(number, "-48.08", "paid back"); err != nil {
		t.Fatal(err)
	}
	d.open_(number, "-48.08", "0", billing.StatePaid)
	d.verifies(feb)
}

func TestANegativeTotalIsCarriedForwardByPolicy(t *testing.T) {
	t.Parallel()
	d := newDesk(t, carryForward)
	runs := d.months(creditOf("50.00", "9.60"), []charge{acme("licence", "Seats", "1", "30.00")}, []charge{acme("licence", "Seats", "1", "100.00")})
	for i, want := range []int{0, 0, 1} {
		if len(runs[i].Drafts) != want {
			t.Errorf("month %d: %d drafts, want %d: %+v", i+1, len(runs[i].Drafts), want, runs[i].Drafts)
		}
	}
	for i, want := range []string{"Acme: -40.40 EUR of 2026-02 are carried forward", "Acme: -10.40 EUR of 2026-03 are carried forward"} {
		if !slices.ContainsFunc(runs[i].Notes, func(n note) bool { return n.Code == "carried-forward" && n.Message == want }) {
			t.Errorf("the run of month %d does not say %q: %+v", i+1, want, runs[i].Notes)
		}
	}
	v := d.draft(runs[2], "Acme")
	d.lines(v, "Seats: 100.00", "Balance carried forward from 2026-03: -10.40")
	d.totals(v, "89.60", "17.02", "106.62")
	d.issue(v.ID)
	for _, m := range []period.Month{feb, mar, april} { // billed once is billed once
		if run := d.run(m); len(run.Drafts) != 0 || len(run.Problems) != 0 {
			t.Errorf("%s again: %+v %v", m, run.Drafts, run.Problems)
		}
	}
	d.verifies(feb, mar, april)
}

func TestABalanceThatIsGoneMakesTheLaterMonthStale(t *testing.T) {
	t.Parallel()
	d := newDesk(t, carryForward)
	runs := d.months(creditOf("50.00", "9.60"), []charge{acme("licence", "Seats", "1", "100.00")})
	before := d.draft(runs[1], "Acme")
	d.totals(before, "59.60", "11.32", "70.92")
	d.approve(before.ID)
	d.recon("G000000102", feb, creditOf("50.00", "19.60")...) // February changes: its balance is another one
	again := d.run(feb)
	if got := strings.Join(again.Problems, "\n"); got != "bill 2026-03 again: a balance that it had carried on is not there any more" {
		t.Errorf("problems: %s", got)
	}
	_, err := d.app.Issue(t.Context(), before.ID, app.Actor{})
	d.refused(err, "run.stale")
	v := d.draft(d.run(mar), "Acme")
	d.lines(v, "Seats: 100.00", "Balance carried forward from 2026-02: -30.40")
	d.issue(v.ID)
	// February changes once more, after its balance was billed: the difference alone is billed.
	d.recon("G000000102", feb, creditOf("50.00", "24.60")...)
	late := d.draft(d.run(feb), "Acme")
	d.lines(late, "Correction: Seats (billed 19.60, now 24.60): 5.00")
	d.issue(late.ID)
	d.verifies(feb, mar)
}

func TestAVoidDocumentGivesItsBalanceBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t, carryForward)
	runs := d.months(creditOf("50.00", ""), []charge{acme("licence", "Seats", "1", "100.00")})
	if _, err := d.app.Void(t.Context(), d.draft(runs[1], "Acme").ID, "billed elsewhere"); err != nil {
		t.Fatal(err)
	}
	d.recon("G000000104", april, acme("licence", "Seats", "1", "70.00"))
	v := d.draft(d.run(april), "Acme")
	d.lines(v, "Seats: 70.00", "Balance carried forward from 2026-02: -50.00")
	d.issue(v.ID)
	d.verifies(feb, mar, april)
}

// The customer bought nothing more: the balance stands until somebody bills it.
func TestABalanceWithoutALaterChargeStaysABalance(t *testing.T) {
	t.Parallel()
	d := newDesk(t, carryForward)
	d.months(creditOf("50.00", ""), []charge{beta("licence", "Seats", "1", "5.00")})
	d.seller(func(s *billing.Seller) { s.Negative = billing.NegativeCreditNote }) // the policy changes, and pays it out
	v := d.draft(d.run(mar), "Acme")
	d.lines(v, "Balance carried forward from 2026-02: -50.00")
	d.totals(v, "-50.00", "-9.50", "-59.50")
	d.issue(v.ID)
	d.verifies(feb, mar)
}

// Credited in full, an invoice is as if it had never been: what it had carried on is open again.
func TestACreditedInvoiceGivesItsBalanceBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t, carryForward)
	runs := d.months(creditOf("50.00", ""), []charge{acme("licence", "Seats", "1", "100.00")})
	number := d.issue(d.draft(runs[1], "Acme").ID)
	note, err := d.credit(number)
	if err != nil {
		t.Fatal(err)
	}
	d.totals(d.show(d.issue(note.ID)), "-50.00", "-9.50", "-59.50")
	again := d.draft(d.run(mar), "Acme")
	d.lines(again, "Seats: 100.00", "Balance carried forward from 2026-02: -50.00")
	d.issue(again.ID)
	if run := d.run(mar); len(run.Drafts) != 0 {
		t.Errorf("billed again once is enough: %+v", run.Drafts)
	}
	d.verifies(feb, mar)
}
