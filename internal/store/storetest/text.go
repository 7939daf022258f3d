package storetest

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store"
)

// foul is text that PostgreSQL takes nowhere: NUL and broken UTF-8. What is kept of it in a body has the broken part
// replaced; keys and names to search by lose the NUL as well.
const foul, foulInBody = "A\x00b\xffc", "A\x00b\uFFFDc"

var textCases = []testCase{
	{"text from files with NUL and broken UTF-8 is kept, and what it names is found", func(e *env) {
		c := acme("cus_1", "ten"+foul, foul)
		c.Party.Name, c.Domain = foul, foul
		got(e.PutCustomer(e.Context(), c))(e)
		for _, ref := range []string{"cus_1", "ten" + foul, "ten" + foulInBody, foul, "ab\uFFFDC"} {
			if found := got(e.Customer(e.Context(), ref))(e); found.Name != foulInBody || found.TenantID != "ten"+foulInBody {
				e.Errorf("by %q: name %q, tenant %q", ref, found.Name, found.TenantID)
			}
		}
		set := dataSet("usage|"+foul, 1)
		finish(e, "imp_1", set)
		same(e, len(got(e.DataSetVersions(e.Context(), "usage|"+foul))(e)), 1)
		e.must(e.PutWaiver(e.Context(), store.Waiver{Key: foul, Reason: foul, By: foul, At: day}))
		same(e, len(got(e.Waivers(e.Context()))(e)), 1)
	}},
	{"a document with such text is issued, found and paid", func(e *env) {
		inv := draft("inv_1", "run_1", march, "cus_1", "10.00")
		inv.Buyer.Name, inv.TenantID, inv.Notes = foul, foul, []string{foul}
		inv.Lines[0].Description = foul
		e.replace("run_1", march, inv)
		kept := e.state("inv_1", billing.StateApproved)
		if kept.Lines[0].Description != foulInBody || kept.Buyer.Name != foulInBody {
			e.Errorf("kept as %q and %q", kept.Lines[0].Description, kept.Buyer.Name)
		}
		issued := e.issue("inv_1")
		same(e, got(e.Invoice(e.Context(), "R-1"))(e), issued)
		_, _, err := e.pay(e.Store, payment("R-1", "10.00", foul))
		e.must(err)
		same(e, e.ids(store.InvoiceFilter{State: billing.StatePaid}), []string{"inv_1 paid"})
		for _, ref := range []string{foul, "\x00", "\xff"} {
			if _, err := e.Invoice(e.Context(), ref); err == nil {
				e.Errorf("%q is a document", ref)
			}
		}
	}},
	{"large and many lines are kept", func(e *env) {
		inv := draft("inv_1", "run_1", march, "cus_1", "10.00")
		inv.Lines = nil
		for n := range 3000 {
			inv.Lines = append(inv.Lines, billing.Line{N: n + 1, Kind: billing.KindCharge, Net: money.New(int64(n), -2), Description: "Line"})
		}
		inv.Lines[7].Description, inv.Logo = strings.Repeat("ü", 1<<20), []byte(strings.Repeat("\x00\xff", 1<<20))
		e.replace("run_1", march, inv)
		same(e, got(e.Invoice(e.Context(), "inv_1"))(e), inv)
	}},
	{"amounts keep their digits", func(e *env) {
		for i, text := range []string{"0", "0.00", "-0.01", "1E+3", "99999999999999999999.999999999999999999", "-12345678901234567890.10"} {
			inv := draft("inv_x", "run_x", march, "cus", "1.00")
			inv.ID, inv.RunID = inv.ID+string(rune('a'+i)), inv.RunID+string(rune('a'+i))
			inv.Net, inv.Gross, inv.Lines[0].Net, inv.Lines[0].Quantity = money.MustParse(text), money.MustParse(text), money.MustParse(text), money.MustParse(text)
			e.replace(inv.RunID, march, inv)
			same(e, got(e.Invoice(e.Context(), inv.ID))(e), inv)
			head := got(e.Invoices(e.Context(), store.InvoiceFilter{Period: march}))(e)[0]
			if head.Net.String() != inv.Net.String() || head.Gross.String() != inv.Gross.String() {
				e.Errorf("%s is listed as %s and %s", text, head.Net, head.Gross)
			}
		}
	}},
}
