package storetest

import (
	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store"
)

var creditCases = []testCase{
	{"a credit note is drafted over an issued invoice and found by its number", func(e *env) {
		e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "10.00"))
		e.issue("inv_1")
		first := got(e.credit(e.Store, "R-1", "3.00"))(e)
		second := got(e.credit(e.Store, "inv_1", ""))(e)
		if first.Net.String() != "-3.00" || second.Net.String() != "-7.00" {
			e.Errorf("credited %s and %s, want -3.00 and -7.00", first.Net, second.Net)
		}
		same(e, got(e.CreditNotes(e.Context(), "R-1"))(e), []billing.Invoice{first, second})
		same(e, got(e.CreditNotes(e.Context(), ""))(e), []billing.Invoice{})
		same(e, got(e.Invoice(e.Context(), first.ID))(e), first)
	}},
	{"a credit that is refused leaves nothing", func(e *env) {
		e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "10.00"))
		_, err := e.credit(e.Store, "inv_1", "3.00")
		e.refused(err, errs.Precondition, "credit.not_issued")
		e.issue("inv_1")
		_, err = e.credit(e.Store, "R-1", "10.01")
		e.refused(err, errs.Invalid, "credit.invalid")
		_, err = e.credit(e.Store, "R-2", "")
		e.refused(err, errs.NotFound, "invoice.unknown")
		_, err = e.AddCreditNote(e.Context(), "R-1", func(billing.Invoice, []billing.Invoice) (billing.Invoice, error) {
			return draft("inv_9", "run_1", march, "cus_1", "-1.00"), nil
		})
		e.refused(err, errs.Invalid, "credit.other_invoice")
		same(e, e.ids(store.InvoiceFilter{}), []string{"inv_1 issued"})
	}},
	{"credits at once stay within the invoice", func(e *env) {
		e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "10.00"))
		e.issue("inv_1")
		other := e.open()
		bad := failures(atOnce(
			func() error { _, err := e.credit(e.Store, "R-1", "6.00"); return err },
			func() error { _, err := e.credit(other, "R-1", "6.00"); return err },
		))
		if len(bad) != 1 {
			e.Fatalf("%d of 2 credits of 6.00 over 10.00 were refused: %v", len(bad), bad)
		}
		e.refused(bad[0], errs.Invalid, "credit.invalid")
	}},
	{"a document begins as a draft", func(e *env) {
		e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "10.00"))
		for _, change := range []func(*billing.Invoice){
			func(i *billing.Invoice) { i.State = billing.StateApproved }, func(i *billing.Invoice) { i.Number = "R-9" },
		} {
			inv := draft("inv_2", "run_2", march, "cus_1", "10.00")
			change(&inv)
			e.refused(e.keep(e.Store, e.run("run_2", march), []billing.Invoice{inv}, nil), errs.Invalid, "invoice.not_draft")
		}
		same(e, e.ids(store.InvoiceFilter{}), []string{"inv_1 draft"})
	}},
}
