package app_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report"
)

// acme and beta are the customers of most tests here.
func acme(kind, title, quantity, price string) charge {
	return charge{Kind: kind, Customer: "Acme", Tenant: tenantOf("a"), Title: title, Quantity: quantity, Price: price}
}

func beta(kind, title, quantity, price string) charge {
	return charge{Kind: kind, Customer: "Beta", Tenant: tenantOf("b"), Title: title, Quantity: quantity, Price: price}
}

func TestALaterRunReplacesDrafts(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"), beta("licence", "Plan", "1", "10.00"))
	first := d.run(mar)
	d.approve(d.draft(first, "Acme").ID) // approved is still no document that a customer has
	d.rules(`{"id":"plus","base":"cost","operations":[{"percent":"10"}]}`)
	second := d.run(mar)
	d.totals(d.draft(second, "Acme"), "33.00", "6.27", "39.27")
	rows, err := d.app.Invoices(t.Context(), app.InvoiceFilter{})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 2 || rows[0].Customer.Name != "Acme" || rows[0].State != billing.StateDraft {
		t.Errorf("after a second run: %+v", rows)
	}
	_, err = d.app.Invoice(t.Context(), first.Drafts[0].ID)
	d.refused(err, "invoice.unknown")
}

// renderings are all files of a document, by format.
func (d *desk) renderings(ref string) map[report.Format]string {
	d.Helper()
	out := map[report.Format]string{}
	for _, f := range report.Formats() {
		files, err := d.app.ExportInvoices(d.Context(), []string{ref}, mar, string(f))
		if err != nil {
			d.Fatal(err)
		}
		out[f] = string(files[0].Data)
	}
	return out
}

func TestAnIssuedDocumentStaysAsItWas(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"), beta("licence", "Plan", "1", "10.00"))
	number := d.issue(d.draft(d.run(mar), "Acme").ID)
	before := d.renderings(number)
	d.on("2026-05-20")
	d.seller(func(s *billing.Seller) { s.Name, s.Terms, s.Tax.Rate = "Other GmbH", "at once", dec("21") })
	d.setCustomer("Acme", `{"name":"Acme Renamed","party":{"name":"Acme Renamed","address":{},"contact":{}},"currency":"CHF","payment_days":3}`)
	d.rules(`{"id":"plus","base":"cost","operations":[{"percent":"50"}]}`)
	d.recon("G000000001", mar, acme("licence", "Plan", "5", "10.00"), beta("licence", "Plan", "1", "10.00"))
	d.run(mar)
	if _, err := d.app.Pay(t.Context(), number, ptr("10.00"), mar.Last(), "bank"); err != nil {
		t.Fatal(err)
	}
	v := d.show(number)
	if v.Customer.Name != "Acme" || v.State != billing.StateOverdue {
		t.Errorf("the document is now of %s, %s", v.Customer.Name, v.State)
	}
	d.totals(v, "30.00", "5.70", "35.70")
	for f, was := range before {
		if now := d.renderings(number)[f]; now != was {
			t.Errorf("%s has other bytes than on the day of issue", f)
		}
	}
	d.verifies(mar)
}

func TestNumbersHaveNoGapWhenManyIssueAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	var rows []charge
	for i := range 12 {
		tenant := fmt.Sprintf("%08d-0000-4000-8000-000000000000", i)
		rows = append(rows, charge{Kind: "licence", Customer: fmt.Sprintf("Customer %02d", i), Tenant: tenant, Title: "Plan", Quantity: "1", Price: "10.00"})
	}
	d.recon("G000000001", mar, rows...)
	run := d.run(mar)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var numbers []string
	for i, row := range run.Drafts {
		d.approve(row.ID)
		wg.Go(func() {
			for range 2 { // the second time is refused and takes no number
				issued, err := d.app.Issue(t.Context(), row.ID, app.Actor{Name: fmt.Sprint(i)})
				if err == nil {
					mu.Lock()
					numbers = append(numbers, *issued.Number)
					mu.Unlock()
				} else if c := errs.CodeOf(err); c != "invoice.issued" {
					t.Errorf("issue %s: %v", row.ID, err)
				}
			}
		})
	}
	wg.Wait()
	slices.Sort(numbers)
	for i, n := range numbers {
		if want := fmt.Sprintf("2026-%05d", i+1); n != want {
			t.Errorf("number %s, want %s", n, want)
		}
	}
	if len(numbers) != 12 {
		t.Errorf("%d documents were issued, want 12: %v", len(numbers), numbers)
	}
}

func TestEachSeriesCountsByItsYear(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.on("2026-12-31")
	d.recon("G000000001", mar, acme("licence", "Plan", "1", "10.00"), beta("licence", "Plan", "1", "10.00"))
	run := d.run(mar)
	first := d.issue(d.draft(run, "Acme").ID)
	d.on("2027-01-01")
	second := d.issue(d.draft(run, "Beta").ID)
	note, err := d.app.Credit(t.Context(), first, app.CreditRequest{Reason: "goodwill"})
	if err != nil {
		t.Fatal(err)
	}
	third := d.issue(note.ID)
	if got, want := strings.Join([]string{first, second, third}, " "), "2026-00001 2027-00001 CN-2027-00001"; got != want {
		t.Errorf("numbers %s, want %s", got, want)
	}
}

func TestIssueRefusesWithEveryGap(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(s *billing.Seller) {
		s.VATID, s.Bank, s.Address = "", billing.Bank{}, billing.Address{Country: "DE"}
	})
	content, document := reconFile("G000000001", mar, []charge{acme("licence", "Plan", "3", "10.00")})
	d.imports(d.file("recon.csv", content), d.file("invoice.json", document))
	id := d.draft(d.run(mar), "Acme").ID
	_, err := d.app.Issue(t.Context(), id, app.Actor{})
	d.refused(err, "invoice.wrong_state")
	d.approve(id)
	_, err = d.app.Issue(t.Context(), id, app.Actor{})
	d.refused(err, "invoice.incomplete")
	got := strings.Join(fieldsOf(err), "\n")
	want := strings.Join([]string{
		"/seller/address/street required", "/seller/address/city required", "/buyer/address/street required", "/buyer/address/city required",
		"/seller/bank/iban required", "/seller/vatId required",
	}, "\n")
	if got != want {
		t.Errorf("gaps:\n%s\nwant:\n%s", got, want)
	}
	d.seller()
	d.complete()
	row, err := d.app.Issue(t.Context(), id, app.Actor{})
	if err != nil || *row.Number != "2026-00001" {
		t.Errorf("with the gaps closed: %+v, %v", row, err)
	}
}

func TestVoidTakesBackWhatNobodyHas(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"), beta("licence", "Plan", "1", "10.00"))
	run := d.run(mar)
	id := d.draft(run, "Acme").ID
	_, err := d.app.Void(t.Context(), id, " ")
	d.refused(err, "invoice.reason_missing")
	if row, err := d.app.Void(t.Context(), id, "billed by hand"); err != nil || row.State != billing.StateVoid {
		t.Fatalf("%+v, %v", row, err)
	}
	_, err = d.app.Approve(t.Context(), id, app.Actor{})
	d.refused(err, "invoice.wrong_state")
	_, err = d.app.Void(t.Context(), id, "again")
	d.refused(err, "invoice.wrong_state")
	number := d.issue(d.draft(run, "Beta").ID)
	_, err = d.app.Void(t.Context(), number, "too late")
	d.refused(err, "invoice.issued")
	h := d.show(id).History
	if len(h) != 1 || h[0].To != billing.StateVoid || h[0].Reason != "billed by hand" || h[0].By != "owner" {
		t.Errorf("history of a void document: %+v", h)
	}
	d.verifies(mar)
}

func TestASecondPersonApprovesAboveTheLimit(t *testing.T) {
	t.Parallel()
	d := newDesk(t, func(s *billing.Seller) {
		s.Approval.FourEyesAbove = map[moneyCurrency]decimal{"EUR": dec("35.70")}
	})
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"), beta("licence", "Plan", "3", "10.01"))
	run := d.run(mar)
	d.approve(d.draft(run, "Acme").ID) // 35.70 is not above 35.70
	above := d.draft(run, "Beta").ID
	_, err := d.app.Approve(t.Context(), above, app.Actor{})
	d.refused(err, "invoice.four_eyes")
	if state := d.show(above).State; state != billing.StateDraft {
		t.Errorf("a refused approval leaves %s", state)
	}
	if _, err := d.app.Approve(t.Context(), above, app.Actor{Name: "second"}); err != nil {
		t.Fatal(err)
	}
	h := d.show(above).History
	if len(h) != 1 || h[0].By != "second" || h[0].To != billing.StateApproved {
		t.Errorf("history: %+v", h)
	}
}

func TestOpenFindingsHoldBackTheMonth(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	content, document := reconFile("G000000001", mar, []charge{acme("licence", "Plan", "3", "10.00")})
	d.imports(d.file("recon.csv", content), d.file("invoice.json", []byte(strings.Replace(string(document), `"totalCharges":30`, `"totalCharges":31`, 1))))
	d.complete()
	run, err := d.app.BillRun(t.Context(), mar)
	if err != nil || run.Findings != 1 || len(run.Result.Findings) != 1 {
		t.Fatalf("%d findings, %v", run.Findings, err)
	}
	finding := run.Result.Findings[0]
	id := d.draft(run, "Acme").ID
	_, err = d.app.Approve(t.Context(), id, app.Actor{})
	d.refused(err, "invoice.findings_open")
	d.refused(d.app.Waive(t.Context(), mar, finding.Key, "", app.Actor{}), "reason.missing")
	d.refused(d.app.Waive(t.Context(), mar, "fnd_none", "known", app.Actor{}), "finding.unknown")
	if err := d.app.Waive(t.Context(), mar, finding.Key, "Microsoft confirmed it", app.Actor{Name: "ada"}); err != nil {
		t.Fatal(err)
	}
	result, err := d.app.Recon(t.Context(), mar)
	if err != nil || result.Findings[0].Waived != "Microsoft confirmed it (ada)" {
		t.Errorf("waived: %+v, %v", result.Findings, err)
	}
	// The same finding in a later run is waived still; one of another size is not.
	run, err = d.app.BillRun(t.Context(), mar)
	if err != nil || run.Findings != 0 {
		t.Errorf("%d open findings in a later run, %v", run.Findings, err)
	}
	d.imports(d.file("invoice.json", []byte(strings.Replace(string(document), `"totalCharges":30`, `"totalCharges":32`, 1))))
	run, err = d.app.BillRun(t.Context(), mar)
	if err != nil || run.Findings != 1 {
		t.Errorf("%d open findings of another size, %v", run.Findings, err)
	}
	if err := d.app.Waive(t.Context(), mar, run.Result.Findings[0].Key, "this one too", app.Actor{}); err != nil {
		t.Fatal(err)
	}
	d.issue(d.draft(run, "Acme").ID)
	if err := d.app.Unwaive(t.Context(), finding.Key); err != nil {
		t.Fatal(err)
	}
	d.verifies(mar)
}
