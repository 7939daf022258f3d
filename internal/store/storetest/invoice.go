package storetest

import (
	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store"
)

var invoiceCases = []testCase{
	{"a document comes back to the last digit, by id and by number", func(e *env) {
		want := full("inv_1")
		e.replace("run_1", march, want, draft("inv_2", "run_1", march, "cus_2", "1.00"))
		same(e, got(e.Invoice(e.Context(), "inv_1"))(e), want)
		issued := e.issue("inv_1")
		same(e, got(e.Invoice(e.Context(), "inv_1"))(e), issued)
		same(e, got(e.Invoice(e.Context(), "R-1"))(e), issued)
		if issued.Hash() != got(e.Invoice(e.Context(), "R-1"))(e).Hash() {
			e.Error("what is read hashes to something else than what was issued")
		}
	}},
	{"a document without lines is one", func(e *env) {
		want := draft("inv_1", "run_1", march, "cus_1", "0.00")
		want.Lines = nil
		e.replace("run_1", march, want)
		same(e, got(e.Invoice(e.Context(), "inv_1"))(e), want)
	}},
	{"a document that nobody knows is not found", func(e *env) {
		e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "1.00"))
		for _, ref := range []string{"inv_2", "R-1", ""} {
			_, err := e.Invoice(e.Context(), ref)
			e.refused(err, errs.NotFound, "invoice.unknown")
		}
	}},
	{"lists show heads by period and buyer", func(e *env) {
		note := draft("inv_n", "run_1", march, "cus_b", "-5.00")
		note.Corrects = &billing.Reference{Number: "R-7", IssuedOn: period.MustDate("2026-03-09")}
		e.replace("run_1", march, full("inv_1"), draft("inv_2", "run_1", march, "cus_a", "2.0"), note)
		e.replace("run_2", february, draft("inv_3", "run_2", february, "cus_b", "3.00"))
		list := got(e.Invoices(e.Context(), store.InvoiceFilter{Period: march, CustomerID: "cus_1"}))(e)
		want := full("inv_1")
		want = billing.Invoice{
			ID: "inv_1", Type: billing.TypeInvoice, State: billing.StateDraft, Period: march, RunID: "run_1", Estimate: true, CustomerID: "cus_1",
			TenantID: tenantA, Buyer: billing.Party{Name: "Ärzte & Söhne GmbH"}, Currency: "EUR", Net: want.Net, Tax: want.Tax, Gross: want.Gross,
			CreatedAt: want.CreatedAt.Truncate(1000),
		}
		same(e, list, []billing.Invoice{want})
		if of := got(e.Invoices(e.Context(), store.InvoiceFilter{Period: march, CustomerID: "cus_b"}))(e)[0].Corrects; of == nil || of.Number != "R-7" {
			e.Errorf("the note corrects %v, want R-7", of)
		}
		same(e, e.ids(store.InvoiceFilter{CustomerID: "cus_b"}), []string{"inv_3 draft", "inv_n draft"})
		e.state("inv_2", billing.StateValidated)
		same(e, e.ids(store.InvoiceFilter{State: billing.StateValidated}), []string{"inv_2 validated"})
		same(e, e.ids(store.InvoiceFilter{Period: march, State: billing.StateDraft, CustomerID: "cus_b"}), []string{"inv_n draft"})
		same(e, e.ids(store.InvoiceFilter{Period: may}), []string{})
	}},
	{"a draft changes with its history, who and why", func(e *env) {
		e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "1.00"))
		inv := got(e.Invoice(e.Context(), "inv_1"))(e)
		same(e, got(e.InvoiceEvents(e.Context(), "inv_1"))(e), []store.InvoiceEvent{})
		inv.State, inv.Buyer.Name, inv.Net = billing.StateApproved, "Other", money.MustParse("2.50")
		inv.Lines = append(inv.Lines, billing.Line{N: 2, Kind: billing.KindService, Description: "Support", Net: money.MustParse("1.50")})
		e.must(e.UpdateInvoice(e.Context(), inv, billing.StateDraft, "kim", "looks right"))
		same(e, got(e.Invoice(e.Context(), "inv_1"))(e), inv)
		e.state("inv_1", billing.StateVoid)
		events := got(e.InvoiceEvents(e.Context(), "inv_1"))(e)
		if len(events) != 2 || !events[0].At.Before(events[1].At) {
			e.Fatalf("events: %v", events)
		}
		events[0].At, events[1].At = day, day
		same(e, events, []store.InvoiceEvent{
			{From: "draft", To: "approved", At: day, By: "kim", Reason: "looks right"},
			{From: "approved", To: "void", At: day, By: "kim", Reason: "to void"},
		})
	}},
	{"a change needs the state that is there", func(e *env) {
		e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "1.00"))
		seen := got(e.Invoice(e.Context(), "inv_1"))(e)
		want := e.state("inv_1", billing.StateApproved)
		seen.State = billing.StateVoid
		e.refused(e.UpdateInvoice(e.Context(), seen, billing.StateDraft, "kim", "typo"), errs.Conflict, "invoice.changed")
		same(e, got(e.Invoice(e.Context(), "inv_1"))(e), want)
	}},
	{"a void document stays void", func(e *env) {
		e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "1.00"))
		want := e.state("inv_1", billing.StateVoid)
		inv := want
		inv.State = billing.StateDraft
		e.refused(e.UpdateInvoice(e.Context(), inv, billing.StateVoid, "kim", "back"), errs.Precondition, "invoice.wrong_state")
		_, err := e.IssueInvoice(e.Context(), "inv_1", invoices2026, "kim", e.numbered("R"))
		e.refused(err, errs.Precondition, "invoice.wrong_state")
		same(e, got(e.Invoice(e.Context(), "inv_1"))(e), want)
	}},
	{"a document stays of its run and period", func(e *env) {
		e.replace("run_1", march, draft("inv_1", "run_1", march, "cus_1", "1.00"))
		for _, change := range []func(*billing.Invoice){
			func(i *billing.Invoice) { i.Period = april }, func(i *billing.Invoice) { i.RunID = "run_2" }, func(i *billing.Invoice) { i.Estimate = true },
		} {
			inv := got(e.Invoice(e.Context(), "inv_1"))(e)
			change(&inv)
			e.refused(e.UpdateInvoice(e.Context(), inv, billing.StateDraft, "kim", "moved"), errs.Invalid, "invoice.other_document")
		}
	}},
	{"a change of a document that is not there is not found", func(e *env) {
		inv := draft("inv_1", "run_1", march, "cus_1", "1.00")
		e.refused(e.UpdateInvoice(e.Context(), inv, billing.StateDraft, "kim", "x"), errs.NotFound, "invoice.unknown")
	}},
	{"issued documents of a period come with later ones that correct it", func(e *env) {
		correcting := draft("inv_c", "run_2", april, "cus_a", "7.00")
		correcting.Lines = append(correcting.Lines, billing.Line{N: 2, Kind: billing.KindCorrection, Net: money.MustParse("-1.00"), CorrectsPeriod: march})
		e.owing("run_0", february, owed("run_0", february, "cus_b", "-1.00"))
		carried := carrying(draft("inv_d", "run_2", april, "cus_b", "8.00"), february, "-1.00") // corrects nothing
		whole := full("inv_a")
		whole.CustomerID = "cus_a"
		e.replace("run_1", march, whole, draft("inv_b", "run_1", march, "cus_b", "2.00"), draft("inv_x", "run_1", march, "cus_x", "9.00"))
		e.replace("run_2", april, correcting, carried)
		b, a := e.issue("inv_b"), e.issue("inv_a")
		c, d := e.issue("inv_c"), e.issue("inv_d")
		same(e, got(e.IssuedInvoices(e.Context(), "", march))(e), []billing.Invoice{a, c, b})
		same(e, got(e.IssuedInvoices(e.Context(), "", april))(e), []billing.Invoice{c, d})
		same(e, got(e.IssuedInvoices(e.Context(), "", february))(e), []billing.Invoice{a}) // its second line corrects February
		same(e, got(e.IssuedInvoices(e.Context(), "", period.Month{}))(e), []billing.Invoice{a, c, b, d})
		same(e, got(e.IssuedInvoices(e.Context(), "cus_b", march))(e), []billing.Invoice{b})
	}},
}
