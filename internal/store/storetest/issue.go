package storetest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store"
)

var errNo = errors.New("no")

var issueCases = []testCase{
	{"numbers follow each other in their series and scope", func(e *env) {
		e.replace("run_1", march, drafts(6)...)
		for i, c := range []struct {
			counter store.Counter
			want    string
		}{
			{store.Counter{Series: "invoice", Scope: "2026", First: 1}, "N-1"},
			{store.Counter{Series: "invoice", Scope: "2027", First: 100}, "M-100"},
			{store.Counter{Series: "credit-note", Scope: "2026", First: 1}, "G-1"},
			{store.Counter{Series: "invoice", Scope: "2026", First: 50}, "N-2"}, // First counts for the first number alone
			{store.Counter{Series: "invoice", Scope: "2027", First: 100}, "M-101"},
			{store.Counter{Series: "invoice", Scope: "2026", First: 1}, "N-3"},
		} {
			issued := got(e.IssueInvoice(e.Context(), fmt.Sprintf("inv_%02d", i), c.counter, "kim", e.numbered(c.want[:1])))(e)
			if issued.Number != c.want {
				e.Errorf("document %d has number %s, want %s", i, issued.Number, c.want)
			}
		}
	}},
	{"issue sees the document as it is, and its history names who issued it", func(e *env) {
		e.replace("run_1", march, full("inv_1"))
		want := e.state("inv_1", billing.StateApproved)
		got(e.IssueInvoice(e.Context(), "inv_1", invoices2026, "lee", func(inv billing.Invoice, n int64) (billing.Invoice, error) {
			same(e, inv, want)
			return e.numbered("R")(inv, n)
		}))(e)
		last := got(e.InvoiceEvents(e.Context(), "inv_1"))(e)[1]
		if last.From != billing.StateApproved || last.To != billing.StateIssued || last.By != "lee" || last.Reason != "issued as R-1" {
			e.Errorf("event %v", last)
		}
	}},
	{"a failed issue takes no number and changes nothing", func(e *env) {
		e.replace("run_1", march, drafts(2)...)
		fail := func(inv billing.Invoice, n int64) (billing.Invoice, error) {
			inv, _ = e.numbered("R")(inv, n)
			return inv, errNo
		}
		for range 3 {
			if _, err := e.IssueInvoice(e.Context(), "inv_00", invoices2026, "kim", fail); !errors.Is(err, errNo) {
				e.Errorf("got %v, want the callback's own error", err)
			}
		}
		same(e, e.ids(store.InvoiceFilter{}), []string{"inv_00 draft", "inv_01 draft"})
		if inv := e.issue("inv_01"); inv.Number != "R-1" {
			e.Errorf("number %s, want R-1", inv.Number)
		}
	}},
	{"a panic takes no number, and the store goes on", func(e *env) {
		e.replace("run_1", march, drafts(1)...)
		func() {
			defer func() {
				if recover() == nil {
					e.Error("the panic was lost")
				}
			}()
			_, _ = e.IssueInvoice(e.Context(), "inv_00", invoices2026, "kim", func(billing.Invoice, int64) (billing.Invoice, error) { panic("a fault") })
		}()
		if inv := e.issue("inv_00"); inv.Number != "R-1" {
			e.Errorf("number %s, want R-1", inv.Number)
		}
	}},
	{"a number that was given already is refused, and none is lost", func(e *env) {
		e.replace("run_1", march, drafts(2)...)
		e.issue("inv_00")
		again := func(inv billing.Invoice, _ int64) (billing.Invoice, error) { return e.numbered("R")(inv, 1) }
		_, err := e.IssueInvoice(e.Context(), "inv_01", invoices2026, "kim", again)
		e.refused(err, errs.Conflict, "invoice.number_taken")
		if inv := e.issue("inv_01"); inv.Number != "R-2" {
			e.Errorf("number %s, want R-2", inv.Number)
		}
	}},
	{"a document without a number, or of another id, is not issued", func(e *env) {
		e.replace("run_1", march, drafts(2)...)
		_, err := e.IssueInvoice(e.Context(), "inv_00", invoices2026, "kim", func(inv billing.Invoice, _ int64) (billing.Invoice, error) { return inv, nil })
		e.refused(err, errs.Precondition, "invoice.wrong_state")
		_, err = e.IssueInvoice(e.Context(), "inv_00", invoices2026, "kim", func(inv billing.Invoice, n int64) (billing.Invoice, error) {
			inv.ID = "inv_01"
			return e.numbered("R")(inv, n)
		})
		e.refused(err, errs.Invalid, "invoice.other_document")
		_, err = e.IssueInvoice(e.Context(), "inv_77", invoices2026, "kim", e.numbered("R"))
		e.refused(err, errs.NotFound, "invoice.unknown")
		same(e, e.ids(store.InvoiceFilter{}), []string{"inv_00 draft", "inv_01 draft"})
	}},
	{"an issued document never changes", func(e *env) {
		e.replace("run_1", march, full("inv_1"))
		want := e.issue("inv_1")
		_, err := e.IssueInvoice(e.Context(), "inv_1", invoices2026, "kim", e.numbered("R"))
		e.refused(err, errs.Precondition, "invoice.issued")
		for _, change := range []func(*billing.Invoice){
			func(i *billing.Invoice) { i.State = billing.StateVoid }, func(i *billing.Invoice) { i.Number = "" }, func(i *billing.Invoice) { i.Net = money.Zero },
		} {
			inv := want
			change(&inv)
			e.refused(e.UpdateInvoice(e.Context(), inv, billing.StateIssued, "kim", "no"), errs.Precondition, "invoice.issued")
		}
		for _, change := range []func(*billing.Invoice){
			func(i *billing.Invoice) { i.State = billing.StateVoid }, func(i *billing.Invoice) { i.State = billing.StateOverdue },
			func(i *billing.Invoice) { i.DueOn = i.DueOn.AddDays(1) }, func(i *billing.Invoice) { i.Logo = []byte("other") },
			func(i *billing.Invoice) {
				i.Lines = slices.Clone(i.Lines)
				i.Lines[1].Cost = money.MustParse("0.01")
			},
		} {
			_, _, err := e.RecordPayment(e.Context(), payment("R-1", "1.00", "a"), "kim", func(inv billing.Invoice, _ []billing.Invoice) (billing.Invoice, error) {
				change(&inv)
				return inv, nil
			})
			e.refused(err, errs.Precondition, "invoice.immutable")
		}
		same(e, got(e.Invoice(e.Context(), "inv_1"))(e), want)
		same(e, got(e.Payments(e.Context(), "R-1"))(e), []billing.Payment{})
	}},
	{"two issues at once get numbers that follow each other", func(e *env) {
		e.replace("run_1", march, drafts(2)...)
		numbers := issueAtOnce(e, 2, func(int64) error { return nil })
		same(e, numbers, []string{"R-1", "R-2"})
	}},
	{"many issues at once, some of which fail, leave no gap", func(e *env) {
		e.replace("run_1", march, drafts(24)...)
		failed := 0
		numbers := issueAtOnce(e, 24, func(n int64) error { // one issue at a time is here: the counter is locked
			if failed < 8 && n%2 == 0 {
				failed++
				return errNo
			}
			return nil
		})
		want := make([]string, 16)
		for i := range want {
			want[i] = fmt.Sprintf("R-%d", i+1)
		}
		slices.Sort(want)
		same(e, numbers, want)
	}},
	{"one document that two issue at once is issued once", func(e *env) {
		e.replace("run_1", march, drafts(1)...)
		other := e.open()
		bad := failures(atOnce(
			func() error {
				_, err := e.IssueInvoice(e.Context(), "inv_00", invoices2026, "kim", e.numbered("R"))
				return err
			},
			func() error {
				_, err := other.IssueInvoice(e.Context(), "inv_00", invoices2026, "kim", e.numbered("R"))
				return err
			},
		))
		if len(bad) != 1 {
			e.Fatalf("%d of 2 were refused: %v", len(bad), bad)
		}
		e.refused(bad[0], errs.Precondition, "invoice.issued")
		e.replace("run_2", april, draft("inv_next", "run_2", april, "cus", "1.00"))
		if inv := e.issue("inv_next"); inv.Number != "R-2" {
			e.Errorf("next number %s, want R-2", inv.Number)
		}
	}},
	{"a run and an issue at once bill a customer once", func(e *env) {
		e.replace("run_1", march, drafts(1)...)
		other, run, before := e.open(), e.run("run_2", march), got(e.IssuedFrom(e.Context(), march))(e)
		results := atOnce(
			func() error {
				_, err := e.IssueInvoice(e.Context(), "inv_00", invoices2026, "kim", e.numbered("R"))
				return err
			},
			func() error {
				return other.ReplaceRun(e.Context(), run, before, []billing.Invoice{draft("inv_again", "run_2", march, "cus", "1.00")}, nil)
			},
		)
		if results[0] == nil {
			e.refused(results[1], errs.Conflict, "run.overtaken")
			same(e, e.ids(store.InvoiceFilter{}), []string{"inv_00 issued"})
			return
		}
		e.refused(results[0], errs.NotFound, "invoice.unknown")
		e.must(results[1])
		same(e, e.ids(store.InvoiceFilter{}), []string{"inv_again draft"})
	}},
}

// drafts are n drafts of run_1 to one buyer, inv_00 and on.
func drafts(n int) []billing.Invoice {
	list := make([]billing.Invoice, n)
	for i := range list {
		list[i] = draft(fmt.Sprintf("inv_%02d", i), "run_1", march, "cus", "1.00")
	}
	return list
}

// issueAtOnce issues drafts from two processes and returns the numbers that were given, sorted as text. fail refuses some.
func issueAtOnce(e *env, n int, fail func(n int64) error) []string {
	e.Helper()
	other := e.open()
	fns := make([]func() error, n)
	for i := range fns {
		s := e.Store
		if i%2 == 1 {
			s = other
		}
		fns[i] = func() error {
			_, err := s.IssueInvoice(e.Context(), fmt.Sprintf("inv_%02d", i), invoices2026, "kim", func(inv billing.Invoice, n int64) (billing.Invoice, error) {
				inv, _ = e.numbered("R")(inv, n)
				return inv, fail(n)
			})
			return err
		}
	}
	for _, err := range failures(atOnce(fns...)) {
		if !errors.Is(err, errNo) {
			e.Errorf("issue: %v", err)
		}
	}
	var numbers []string
	for _, inv := range got(e.Invoices(e.Context(), store.InvoiceFilter{State: billing.StateIssued}))(e) {
		numbers = append(numbers, inv.Number)
	}
	slices.Sort(numbers)
	return numbers
}
