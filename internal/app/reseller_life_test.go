package app_test

import (
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/customer"
)

// resold is G20's line and one of another customer, both of reseller 5512345, and one of Beta that is sold directly.
func resold(d *desk) {
	d.Helper()
	vm, seats, own := acme("azure", "VM", "1", "82.37"), beta("licence", "Plan", "2", "10.00"), beta("licence", "Direct", "1", "4.00")
	vm.Reseller, seats.Reseller = "5512345", "5512345"
	d.rules(`[{"id":"provider","select":{"resellerMpnId":"5512345"},"base":"cost","operations":[{"percent":"5"}]},
		{"id":"floor","select":{"productCategory":"Azure plan"},"minimumFee":{"EUR":"100.00"}}]`)
	d.recon("G000000001", mar, vm, seats, own)
}

func TestAResellerOfRecordIsShown(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	resold(d)
	run := d.run(mar)
	a, b := d.draft(run, "Acme"), d.draft(run, "Beta")
	d.lines(a, "VM: 86.49", "Minimum fee 2026-03: shortfall to 100.00 EUR: 13.51")
	d.lines(b, "Direct: 4.00", "Plan: 21.00")
	if a.Reseller != "5512345" || b.Reseller != "5512345" {
		t.Errorf("resellers of record %q and %q", a.Reseller, b.Reseller)
	}
	for f, content := range d.renderings(a.ID) {
		if (f == "ubl" || f == "json" || f == "csv") && !strings.Contains(content, "5512345") {
			t.Errorf("%s does not show the reseller", f)
		}
	}
	if len(run.Drafts) != 2 {
		t.Errorf("drafts: %+v", run.Drafts)
	}
}

// G20: the provider's margin on the reseller's invoice is 4.12.
func TestABilledResellerGetsOneInvoiceForItsCustomers(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	resold(d)
	set := func(billed bool, party billing.Party) {
		t.Helper()
		if _, err := d.app.SetReseller(t.Context(), customer.Reseller{MpnID: "5512345", Name: "Fjord IT", Billed: billed, Party: party}); err != nil {
			t.Fatal(err)
		}
	}
	set(true, billing.Party{VATID: "ATU12345678", Address: billing.Address{Street: "Gasse 1", City: "Wien", PostalCode: "1010", Country: "AT"}})
	d.service(`{"customer_id":"Acme","name":"Care","model":"percentage","percent":"10","currency":"EUR","from":"2026-01-01"}`)
	run := d.run(mar)
	r, b, a := d.draft(run, "Fjord IT"), d.draft(run, "Beta"), d.draft(run, "Acme")
	d.lines(r, "Acme: VM: 86.49", "Beta: Plan: 21.00", "Acme: Minimum fee 2026-03: shortfall to 100.00 EUR: 13.51")
	d.totals(r, "121.00", "0.00", "121.00") // to Austria, with a VAT id: reverse charge
	d.lines(b, "Direct: 4.00")
	d.lines(a, "Care: 8.65") // agreed with the customer itself, on what its Azure plan costs at the reseller's price
	sameAmount(t, "provider's margin on the meter", r.Lines[0].Net.Sub(r.Lines[0].Cost), dec("4.12"))
	numbers := d.issueAll(run)
	if again := d.run(mar); len(again.Drafts) != 0 {
		t.Errorf("nothing changed: %+v", again.Drafts)
	}
	set(false, billing.Party{}) // from now on its customers are billed themselves: what it paid goes back
	again := d.run(mar)
	back := d.draft(again, "Fjord IT")
	d.totals(back, "-121.00", "0.00", "-121.00")
	d.lines(d.draft(again, "Beta"), "Correction: Plan (2026-03, not billed before): 21.00")
	if v := d.show(numbers["Fjord IT"]); v.Net.Plain() != "121" || v.Lines[0].CustomerID == "" {
		t.Errorf("the issued one: %+v", v)
	}
	for _, row := range again.Drafts {
		d.issue(row.ID)
	}
	d.verifies(mar)
}
