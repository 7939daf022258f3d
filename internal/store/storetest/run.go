package storetest

import (
	"bytes"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store"
)

var runCases = []testCase{
	{"a run comes back with all that it was made from", func(e *env) {
		want := billing.Run{
			ID: "run_1", Period: march, Estimate: true, StartedAt: day, FinishedAt: day.AddDate(0, 0, 1), Findings: 3,
			Inputs: []byte(`{"a":1}`), Rules: []byte("[]"), Parties: []byte("p"), Charges: []byte("\x00\xff"), Totals: []byte("t"),
			Result: bytes.Repeat([]byte("r"), 8<<20), Manifest: []byte("m"), Signature: []byte{0, 1, 2},
		}
		e.must(e.keep(e.Store, want, nil, nil))
		same(e, got(e.Run(e.Context(), "run_1"))(e), want)
		empty := billing.Run{ID: "run_2", Period: april}
		e.must(e.keep(e.Store, empty, nil, nil))
		same(e, got(e.Run(e.Context(), "run_2"))(e), empty)
	}},
	{"the latest run is the period's last, or the one that began last of all", func(e *env) {
		for _, want := range []period.Month{march, {}} {
			_, err := e.LatestRun(e.Context(), want)
			e.refused(err, errs.NotFound, "run.unknown")
		}
		e.replace("run_3", march)
		e.replace("run_2", april)
		e.replace("run_1", march)
		for p, want := range map[period.Month]string{march: "run_1", april: "run_2", {}: "run_1"} {
			if run := got(e.LatestRun(e.Context(), p))(e); run.ID != want {
				e.Errorf("latest of %q is %s, want %s", p, run.ID, want)
			}
		}
		if run := got(e.Run(e.Context(), "run_3"))(e); run.Period != march {
			e.Errorf("the replaced run is of %s", run.Period)
		}
		_, err := e.Run(e.Context(), "run_9")
		e.refused(err, errs.NotFound, "run.unknown")
	}},
	{"a run replaces the drafts of its period's runs and nothing else", func(e *env) {
		e.replace("run_0", february, draft("inv_feb", "run_0", february, "cus_a", "1.00"))
		notes := draft("inv_note", "run_1", march, "cus_e", "-5.00") // by policy credit-note: made by the run
		notes.Corrects = &billing.Reference{Number: "R-9"}
		e.replace("run_1", march, draft("inv_a", "run_1", march, "cus_a", "1.00"), draft("inv_b", "run_1", march, "cus_b", "2.00"),
			draft("inv_c", "run_1", march, "cus_c", "3.00"), draft("inv_d", "run_1", march, "cus_d", "4.00"), notes)
		e.state("inv_b", billing.StateApproved)
		e.state("inv_c", billing.StateVoid)
		e.issue("inv_d")
		byHand := got(e.credit(e.Store, "R-1", "1.50"))(e)
		e.replace("run_2", march, draft("inv_a2", "run_2", march, "cus_a", "1.00"))
		same(e, e.ids(store.InvoiceFilter{Period: march}), []string{"inv_a2 draft", "inv_c void", "inv_d issued", byHand.ID + " draft"})
		same(e, e.ids(store.InvoiceFilter{Period: february}), []string{"inv_feb draft"})
	}},
	{"a run that cannot be kept whole changes nothing", func(e *env) {
		e.replace("run_1", march, draft("inv_a", "run_1", march, "cus_a", "1.00"))
		e.state("inv_a", billing.StateVoid)
		e.replace("run_2", march, draft("inv_b", "run_2", march, "cus_b", "2.00"))
		for _, c := range []struct {
			last billing.Invoice
			kind errs.Kind
			code errs.Code
		}{
			{draft("inv_a", "run_3", march, "cus_a", "1.00"), errs.Conflict, "invoice.exists"}, // the id of a void document
			{draft("inv_z", "run_2", march, "cus_a", "1.00"), errs.Invalid, "invoice.other_document"},
			{draft("inv_z", "run_3", april, "cus_a", "1.00"), errs.Invalid, "invoice.other_document"},
		} {
			err := e.keep(e.Store, e.run("run_3", march), []billing.Invoice{draft("inv_c", "run_3", march, "cus_c", "3.00"), c.last}, nil)
			e.refused(err, c.kind, c.code)
		}
		same(e, e.ids(store.InvoiceFilter{}), []string{"inv_a void", "inv_b draft"})
		if run := got(e.LatestRun(e.Context(), march))(e); run.ID != "run_2" {
			e.Errorf("latest is %s, want run_2", run.ID)
		}
		_, err := e.Run(e.Context(), "run_3")
		e.refused(err, errs.NotFound, "run.unknown")
	}},
	{"a run is kept once", func(e *env) {
		e.replace("run_1", march, draft("inv_a", "run_1", march, "cus_a", "1.00"))
		e.refused(e.keep(e.Store, e.run("run_1", march), nil, nil), errs.Conflict, "run.exists")
		same(e, e.ids(store.InvoiceFilter{}), []string{"inv_a draft"})
	}},
	{"a run that an issued document overtook is refused", func(e *env) {
		e.replace("run_1", march, draft("inv_a", "run_1", march, "cus_a", "1.00"))
		e.replace("run_2", april, draft("inv_b", "run_2", april, "cus_a", "1.00"))
		for _, id := range []string{"inv_a", "inv_b"} { // the later month's may hold a balance of the earlier
			before := got(e.IssuedFrom(e.Context(), march))(e)
			e.issue(id)
			e.refused(e.ReplaceRun(e.Context(), e.run("run_3", march), before, nil, nil), errs.Conflict, "run.overtaken")
		}
		e.replace("run_3", march)
		same(e, e.ids(store.InvoiceFilter{}), []string{"inv_a issued", "inv_b issued"})
	}},
	{"an earlier month's document overtakes no run", func(e *env) {
		e.replace("run_1", march, draft("inv_a", "run_1", march, "cus_a", "1.00"))
		before := got(e.IssuedFrom(e.Context(), april))(e)
		e.issue("inv_a")
		e.must(e.ReplaceRun(e.Context(), e.run("run_2", april), before, nil, nil))
	}},
	{"of runs at once one is the period's, and only its drafts are there", func(e *env) {
		e.replace("run_0", march, draft("inv_0", "run_0", march, "cus_a", "1.00"))
		other := e.open()
		var fns []func() error
		for _, id := range []string{"1", "2", "3", "4", "5", "6"} {
			s := e.Store
			if id > "3" {
				s = other
			}
			run := e.run("run_"+id, march)
			fns = append(fns, func() error {
				return e.keep(s, run, []billing.Invoice{draft("inv_a"+id, run.ID, march, "cus_a", "1.00"), draft("inv_b"+id, run.ID, march, "cus_b", "1.00")}, nil)
			})
		}
		for _, err := range atOnce(fns...) {
			e.must(err)
		}
		n := got(e.LatestRun(e.Context(), march))(e).ID[len("run_"):]
		same(e, e.ids(store.InvoiceFilter{}), []string{"inv_a" + n + " draft", "inv_b" + n + " draft"})
	}},
}
