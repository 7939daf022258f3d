package storetest

import (
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store"
)

// owed is a balance of a buyer's month.
func owed(run string, p period.Month, customerID, net string) billing.Balance {
	amount := money.MustParse(net)
	return billing.Balance{
		CustomerID: customerID, Currency: "EUR", Period: p, RunID: run, ServiceFrom: p.First(), ServiceTo: p.Last(), Net: amount,
		Parts: []billing.TaxSubtotal{{Category: billing.TaxZero, Base: amount, Amount: money.MustParse("0.00")}},
		Lines: []billing.Line{{N: 1, Kind: billing.KindCharge, Description: "Refund", Net: amount, Tax: billing.TaxZero}},
	}
}

// carrying adds a carried balance to a document.
func carrying(inv billing.Invoice, from period.Month, net string) billing.Invoice {
	amount := money.MustParse(net)
	line := carry(from, net)
	line.N = len(inv.Lines) + 1
	inv.Lines = append(slices.Clone(inv.Lines), line)
	inv.Net, inv.Gross = inv.Net.Add(amount), inv.Gross.Add(amount)
	return inv
}

func carry(from period.Month, net string) billing.Line {
	return billing.Line{N: 9, Kind: billing.KindCarryForward, CorrectsPeriod: from, Net: money.MustParse(net), Tax: billing.TaxZero}
}

// owing keeps a run whose total was negative.
func (e *env) owing(run string, p period.Month, balances ...billing.Balance) {
	e.Helper()
	e.must(e.keep(e.Store, e.run(run, p), nil, balances))
}

// openBefore lists the open balances before a period.
func (e *env) openBefore(p period.Month) []billing.Balance {
	e.Helper()
	return got(e.OpenBalances(e.Context(), p))(e)
}

// stale lists the periods that must be billed again.
func (e *env) stale() []period.Month {
	e.Helper()
	return got(e.StalePeriods(e.Context()))(e)
}

var none = []billing.Balance{}

var balanceCases = []testCase{
	{"a balance is open for later months until a run carries it on", func(e *env) {
		b := owed("run_2", february, "cus", "-30.00")
		e.owing("run_2", february, b)
		same(e, e.openBefore(february), none)
		same(e, e.openBefore(march), []billing.Balance{b})
		same(e, e.openBefore(april), []billing.Balance{b})
		e.replace("run_3", march, carrying(draft("inv_3", "run_3", march, "cus", "100.00"), february, "-30.00"))
		same(e, e.openBefore(april), none)
		same(e, e.openBefore(march), []billing.Balance{b}) // to bill March again takes it up again
		same(e, e.stale(), []period.Month{})
	}},
	{"a month that is billed again carries its balances on again", func(e *env) {
		e.owing("run_2", february, owed("run_2", february, "cus", "-30.00"))
		e.replace("run_3", march, carrying(draft("inv_3", "run_3", march, "cus", "100.00"), february, "-30.00"))
		e.replace("run_3b", march, carrying(draft("inv_3b", "run_3b", march, "cus", "90.00"), february, "-30.00"))
		same(e, e.openBefore(april), none)
		e.replace("run_3c", march) // without the customer: the balance waits for the next month
		same(e, len(e.openBefore(april)), 1)
	}},
	{"a void document gives its balances back", func(e *env) {
		b := owed("run_2", february, "cus", "-30.00")
		e.owing("run_2", february, b)
		e.replace("run_3", march, carrying(draft("inv_3", "run_3", march, "cus", "100.00"), february, "-30.00"))
		e.state("inv_3", billing.StateVoid)
		same(e, e.openBefore(april), []billing.Balance{b})
		e.replace("run_3b", march, carrying(draft("inv_3b", "run_3b", march, "cus", "100.00"), february, "-30.00"))
		same(e, e.openBefore(april), none)
	}},
	{"a month that is billed again makes its balance anew, and the month that had carried it is stale", func(e *env) {
		e.owing("run_2", february, owed("run_2", february, "cus", "-30.00"))
		e.replace("run_3", march, carrying(draft("inv_3", "run_3", march, "cus", "100.00"), february, "-30.00"), draft("inv_4", "run_3", march, "other", "5.00"))
		again := owed("run_2b", february, "cus", "-20.00")
		e.owing("run_2b", february, again)
		same(e, e.stale(), []period.Month{march})
		same(e, e.openBefore(march), []billing.Balance{again})
		_, err := e.IssueInvoice(e.Context(), "inv_3", invoices2026, "kim", e.numbered("R"))
		e.refused(err, errs.Precondition, "run.stale")
		if inv := e.issue("inv_4"); inv.Number != "R-1" { // it carries nothing on
			e.Errorf("number %s, want R-1", inv.Number)
		}
		e.replace("run_3b", march, carrying(draft("inv_3b", "run_3b", march, "cus", "100.00"), february, "-20.00"))
		same(e, e.stale(), []period.Month{})
		e.issue("inv_3b")
	}},
	{"a balance on an issued document stays when its month is billed again", func(e *env) {
		b := owed("run_2", february, "cus", "-30.00")
		e.owing("run_2", february, b)
		e.replace("run_3", march, carrying(draft("inv_3", "run_3", march, "cus", "100.00"), february, "-30.00"))
		same(e, len(got(e.BilledBalances(e.Context(), february))(e)), 0)
		e.issue("inv_3")
		billed := []store.BilledBalance{{Balance: b, Number: "R-1"}}
		same(e, got(e.BilledBalances(e.Context(), february))(e), billed)
		more := owed("run_2b", february, "cus", "-5.00")
		e.owing("run_2b", february, more)
		same(e, got(e.BilledBalances(e.Context(), february))(e), billed)
		same(e, e.stale(), []period.Month{})
		same(e, e.openBefore(march), []billing.Balance{more})
		e.replace("run_3b", march, carrying(draft("inv_3b", "run_3b", march, "cus", "1.00"), february, "-5.00"))
		same(e, got(e.BilledBalances(e.Context(), february))(e), billed)
	}},
	{"a balance that came into another one is billed where that one is", func(e *env) {
		first, second := owed("run_2", february, "cus", "-30.00"), owed("run_3", march, "cus", "-40.00")
		second.Lines = append(second.Lines[:0:0], billing.Line{N: 1, Kind: billing.KindCharge, Net: money.MustParse("-10.00")}, carry(february, "-30.00"))
		e.owing("run_2", february, first)
		e.owing("run_3", march, second)
		same(e, e.openBefore(april), []billing.Balance{second})
		same(e, e.openBefore(march), []billing.Balance{first})
		e.replace("run_4", april, carrying(draft("inv_4", "run_4", april, "cus", "100.00"), march, "-40.00"))
		same(e, len(got(e.BilledBalances(e.Context(), february))(e)), 0)
		e.issue("inv_4")
		same(e, got(e.BilledBalances(e.Context(), february))(e), []store.BilledBalance{{Balance: first, Number: "R-1"}})
		same(e, got(e.BilledBalances(e.Context(), march))(e), []store.BilledBalance{{Balance: second, Number: "R-1"}})
		e.owing("run_2b", february)
		e.owing("run_3b", march)
		same(e, e.stale(), []period.Month{})
		same(e, got(e.BilledBalances(e.Context(), march))(e), []store.BilledBalance{{Balance: second, Number: "R-1"}})
	}},
	{"when a balance goes, every month along which it was carried is stale", func(e *env) {
		second := owed("run_3", march, "cus", "-40.00")
		second.Lines = append(second.Lines, carry(february, "-30.00"))
		e.owing("run_2", february, owed("run_2", february, "cus", "-30.00"))
		e.owing("run_3", march, second)
		e.replace("run_4", april, carrying(draft("inv_4", "run_4", april, "cus", "100.00"), march, "-40.00"))
		e.owing("run_2b", february)
		same(e, e.stale(), []period.Month{march, april})
		_, err := e.IssueInvoice(e.Context(), "inv_4", invoices2026, "kim", e.numbered("R"))
		e.refused(err, errs.Precondition, "run.stale")
		_, err = e.OpenBalances(e.Context(), april) // March's balance holds what is gone
		e.refused(err, errs.Precondition, "run.stale")
		e.refused(e.keep(e.Store, e.run("run_4b", april), nil, nil), errs.Precondition, "run.stale")
		e.owing("run_3b", march, owed("run_3b", march, "cus", "-10.00"))
		same(e, e.stale(), []period.Month{april})
		e.replace("run_4b", april, carrying(draft("inv_4b", "run_4b", april, "cus", "100.00"), march, "-10.00"))
		same(e, e.stale(), []period.Month{})
	}},
	{"a run that carries on a balance that is gone or another is refused", func(e *env) {
		e.owing("run_2", february, owed("run_2", february, "cus", "-30.00"))
		for _, d := range []billing.Invoice{
			carrying(draft("inv_3", "run_3", march, "cus", "100.00"), february, "-29.99"),
			carrying(draft("inv_3", "run_3", march, "someone", "100.00"), february, "-30.00"),
			carrying(draft("inv_3", "run_3", march, "cus", "100.00"), may, "-30.00"),
		} {
			e.refused(e.keep(e.Store, e.run("run_3", march), []billing.Invoice{d}, nil), errs.Conflict, "run.overtaken")
		}
		same(e, e.ids(store.InvoiceFilter{}), []string{})
		same(e, len(e.openBefore(march)), 1)
	}},
	{"a balance is of the run that keeps it", func(e *env) {
		for _, b := range []billing.Balance{owed("run_9", february, "cus", "-30.00"), owed("run_2", march, "cus", "-30.00")} {
			err := e.keep(e.Store, e.run("run_2", february), nil, []billing.Balance{b})
			e.refused(err, errs.Invalid, "balance.other_run")
		}
		same(e, e.openBefore(may), none)
	}},
	{"two months at once do not carry on one balance twice", func(e *env) {
		e.owing("run_2", february, owed("run_2", february, "cus", "-30.00"))
		other, runA, runB := e.open(), e.run("run_3", march), e.run("run_4", april)
		bad := failures(atOnce(
			func() error {
				return e.keep(e.Store, runA, []billing.Invoice{carrying(draft("inv_3", "run_3", march, "cus", "50.00"), february, "-30.00")}, nil)
			},
			func() error {
				return e.keep(other, runB, []billing.Invoice{carrying(draft("inv_4", "run_4", april, "cus", "50.00"), february, "-30.00")}, nil)
			},
		))
		if len(bad) != 1 {
			e.Fatalf("%d of 2 were refused: %v", len(bad), bad)
		}
		e.refused(bad[0], errs.Conflict, "run.overtaken")
	}},
	{"a run of the earlier month waits for the issue of what carries its balance on, and is refused", func(e *env) {
		e.owing("run_2", february, owed("run_2", february, "cus", "-30.00"))
		e.replace("run_3", march, carrying(draft("inv_3", "run_3", march, "cus", "100.00"), february, "-30.00"))
		other, run, before := e.open(), e.run("run_2b", february), got(e.IssuedFrom(e.Context(), february))(e)
		err := e.whileIssuing("inv_3", func() error { return other.ReplaceRun(e.Context(), run, before, nil, nil) })
		e.refused(err, errs.Conflict, "run.overtaken")
		same(e, len(got(e.BilledBalances(e.Context(), february))(e)), 1)
		same(e, e.stale(), []period.Month{})
	}},
	{"a document that is credited in full gives its balances back", func(e *env) {
		b := owed("run_2", february, "cus", "-30.00")
		e.owing("run_2", february, b)
		e.replace("run_3", march, carrying(draft("inv_3", "run_3", march, "cus", "100.00"), february, "-30.00"))
		e.issue("inv_3")
		e.issueNote(got(e.credit(e.Store, "R-1", "10.00"))(e).ID)
		same(e, len(got(e.BilledBalances(e.Context(), february))(e)), 1)
		e.issueNote(got(e.credit(e.Store, "R-1", ""))(e).ID)
		same(e, len(got(e.BilledBalances(e.Context(), february))(e)), 0)
		same(e, e.openBefore(april), []billing.Balance{b})
	}},
}
