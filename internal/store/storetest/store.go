package storetest

import (
	"context"
	"errors"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store"
)

var storeCases = []testCase{
	{"what was kept is there after the database is opened again", func(e *env) {
		want := got(e.PutCustomer(e.Context(), acme("cus_1", tenantA, "Acme")))(e)
		again := e.open()
		same(e, got(again.Customer(e.Context(), "cus_1"))(e), want)
	}},
	{"a database of a newer program is refused", func(e *env) {
		_, err := e.SQL().ExecContext(e.Context(), "INSERT INTO schema_versions (version_id, is_applied) VALUES (99999, TRUE)")
		e.must(err)
		_, err = store.Open(e.Context(), e.config)
		e.refused(err, errs.Precondition, "store.newer")
	}},
	{"several processes that start at once make one schema", func(e *env) {
		fresh := e.fresh()
		open := func() error {
			s, err := store.Open(e.Context(), fresh)
			if err != nil {
				return err
			}
			return s.Close()
		}
		for _, err := range atOnce(open, open, open) {
			e.must(err)
		}
	}},
	{"others keep tables of their own beside the records, while the store writes", func(e *env) {
		_, err := e.SQL().ExecContext(e.Context(), "CREATE TABLE theirs (n BIGINT NOT NULL)")
		e.must(err)
		for _, err := range atOnce(
			func() error {
				_, err := e.SQL().ExecContext(e.Context(), "INSERT INTO theirs (n) VALUES (1)")
				return err
			},
			func() error { return e.keep(e.Store, e.run("run_1", march), drafts(50), nil) },
			func() error { _, err := e.Invoices(e.Context(), store.InvoiceFilter{}); return err },
		) {
			e.must(err)
		}
	}},
	{"a call that is given up keeps nothing", func(e *env) {
		ctx, cancel := context.WithCancel(e.Context())
		e.replace("run_1", march, drafts(1)...)
		_, err := e.IssueInvoice(ctx, "inv_00", invoices2026, "kim", func(inv billing.Invoice, n int64) (billing.Invoice, error) {
			cancel()
			return e.numbered("R")(inv, n)
		})
		if !errors.Is(err, context.Canceled) {
			e.Errorf("got %v, want canceled", err)
		}
		if inv := e.issue("inv_00"); inv.Number != "R-1" {
			e.Errorf("number %s, want R-1", inv.Number)
		}
	}},
}
