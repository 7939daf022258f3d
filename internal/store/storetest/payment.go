package storetest

import (
	"errors"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store"
)

var paymentCases = []testCase{
	{"payments add up until the document is paid", func(e *env) {
		issued := e.tenEuro()
		first, second := payment("R-1", "4.00", "a"), payment("R-1", "6.0", "b")
		recorded, inv, err := e.pay(e.Store, first)
		e.must(err)
		issued.Paid = first.Amount
		same(e, inv, issued)
		same(e, got(e.Invoice(e.Context(), "R-1"))(e), issued)
		if !recorded {
			e.Error("the first payment is not recorded")
		}
		_, inv, err = e.pay(e.Store, second)
		e.must(err)
		if inv.State != billing.StatePaid || inv.Paid.String() != "10.00" {
			e.Errorf("%s with %s paid, want paid with 10.00", inv.State, inv.Paid)
		}
		same(e, got(e.Invoice(e.Context(), "R-1"))(e), inv)
		same(e, e.ids(store.InvoiceFilter{State: billing.StatePaid}), []string{"inv_1 paid"})
		same(e, len(got(e.Payments(e.Context(), "R-1"))(e)), 2)
		events := got(e.InvoiceEvents(e.Context(), "inv_1"))(e)
		if last := events[len(events)-1]; len(events) != 2 || last.To != billing.StatePaid || last.By != "kim" || last.Reason != "payment "+second.ID {
			e.Errorf("events %v", events)
		}
	}},
	{"a payment comes back as it was made", func(e *env) {
		e.tenEuro()
		p := payment("R-1", "4.50", "Ünï ref")
		_, _, err := e.pay(e.Store, p)
		e.must(err)
		same(e, got(e.Payments(e.Context(), "R-1"))(e), []billing.Payment{p})
		for _, number := range []string{"R-2", ""} {
			same(e, got(e.Payments(e.Context(), number))(e), []billing.Payment{})
		}
	}},
	{"the same payment twice is one", func(e *env) {
		e.tenEuro()
		p := payment("R-1", "4.00", "a")
		for i, want := range []bool{true, false, false} {
			recorded, inv, err := e.pay(e.Store, p)
			e.must(err)
			if recorded != want || inv.Paid.String() != "4.00" {
				e.Errorf("time %d: recorded %t, paid %s", i+1, recorded, inv.Paid)
			}
		}
		same(e, len(got(e.Payments(e.Context(), "R-1"))(e)), 1)
	}},
	{"the same payment from two imports at once is one", func(e *env) {
		e.tenEuro()
		p, other, times := payment("R-1", "4.00", "a"), e.open(), make(chan bool, 2)
		pay := func(s *store.Store) func() error {
			return func() error {
				recorded, _, err := e.pay(s, p)
				times <- recorded
				return err
			}
		}
		for _, err := range atOnce(pay(e.Store), pay(other)) {
			e.must(err)
		}
		if first, second := <-times, <-times; first == second {
			e.Errorf("recorded %t and %t, want one of them", first, second)
		}
		if inv := got(e.Invoice(e.Context(), "R-1"))(e); inv.Paid.String() != "4.00" {
			e.Errorf("paid %s, want 4.00", inv.Paid)
		}
	}},
	{"payments at once never pay more than is open", func(e *env) {
		e.tenEuro()
		other := e.open()
		bad := failures(atOnce(
			func() error { _, _, err := e.pay(e.Store, payment("R-1", "7.00", "a")); return err },
			func() error { _, _, err := e.pay(other, payment("R-1", "7.00", "b")); return err },
		))
		if len(bad) != 1 {
			e.Fatalf("%d of 2 were refused: %v", len(bad), bad)
		}
		e.refused(bad[0], errs.Precondition, "payment.exceeds_open")
		same(e, len(got(e.Payments(e.Context(), "R-1"))(e)), 1)
	}},
	{"a payment waits for the issue of a credit note, and counts it", func(e *env) {
		e.tenEuro()
		note, other := got(e.credit(e.Store, "R-1", "6.00"))(e), e.open()
		err := e.whileIssuing(note.ID, func() error { _, _, err := e.pay(other, payment("R-1", "6.00", "a")); return err })
		e.refused(err, errs.Precondition, "payment.exceeds_open")
		inv := got(e.Invoice(e.Context(), "R-1"))(e)
		same(e, inv.Open(got(e.CreditNotes(e.Context(), "R-1"))(e)...).String(), "4.00")
	}},
	{"a payment that is refused leaves nothing", func(e *env) {
		e.tenEuro()
		p := payment("R-1", "4.00", "a")
		_, _, err := e.RecordPayment(e.Context(), p, "kim", func(inv billing.Invoice, _ []billing.Invoice) (billing.Invoice, error) { return inv, errNo })
		if !errors.Is(err, errNo) {
			e.Errorf("got %v", err)
		}
		same(e, got(e.Payments(e.Context(), "R-1"))(e), []billing.Payment{})
		if recorded, _, err := e.pay(e.Store, p); !recorded || err != nil {
			e.Errorf("recorded %t, %v", recorded, err)
		}
	}},
	{"only an issued document is paid", func(e *env) {
		e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "10.00"))
		for number, code := range map[string]errs.Code{"inv_1": "payment.not_issued", "": "payment.not_issued", "R-1": "invoice.unknown"} {
			_, _, err := e.pay(e.Store, payment(number, "1.00", "a"))
			if errs.CodeOf(err) != code {
				e.Errorf("payment of %q: %v, want %s", number, err, code)
			}
		}
	}},
	{"credits are counted when a document is paid", func(e *env) {
		e.tenEuro()
		e.issueNote(got(e.credit(e.Store, "R-1", "4.00"))(e).ID)
		got(e.credit(e.Store, "R-1", "1.00"))(e) // a draft: not yet
		_, _, err := e.pay(e.Store, payment("R-1", "6.01", "a"))
		e.refused(err, errs.Precondition, "payment.exceeds_open")
		_, inv, err := e.pay(e.Store, payment("R-1", "6.00", "a"))
		e.must(err)
		if inv.State != billing.StatePaid {
			e.Errorf("state %s, want paid", inv.State)
		}
	}},
}

// tenEuro issues R-1 over 10.00 EUR.
func (e *env) tenEuro() billing.Invoice {
	e.Helper()
	e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "10.00"))
	return e.issue("inv_1")
}

var renderingCases = []testCase{
	{"renderings of an issued document are kept by format, once", func(e *env) {
		e.tenEuro()
		same(e, got(e.Renderings(e.Context(), "inv_1"))(e), map[string]string{})
		e.must(e.PutRendering(e.Context(), "inv_1", "pdf", "aa", 9))
		e.must(e.PutRendering(e.Context(), "inv_1", "ubl", "bb", 7))
		e.must(e.PutRendering(e.Context(), "inv_1", "pdf", "aa", 9))
		e.refused(e.PutRendering(e.Context(), "inv_1", "pdf", "cc", 9), errs.Conflict, "rendering.differs")
		same(e, got(e.Renderings(e.Context(), "inv_1"))(e), map[string]string{"pdf": "aa", "ubl": "bb"})
	}},
	{"a draft has no renderings to keep", func(e *env) {
		e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "10.00"))
		e.refused(e.PutRendering(e.Context(), "inv_1", "pdf", "aa", 9), errs.Precondition, "rendering.not_issued")
		e.refused(e.PutRendering(e.Context(), "inv_2", "pdf", "aa", 9), errs.NotFound, "invoice.unknown")
	}},
}
