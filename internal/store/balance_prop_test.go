package store_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store"
)

// Whatever is billed, issued, taken back, credited and billed again, in any order of months: in the end every amount is
// on exactly one document or in one open balance.
func TestNegativeTotalsAreBilledOnce(t *testing.T) {
	t.Parallel()
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue { // a database for each: more when asked
		_ = f.Value.Set("25") // a number
	}
	rapid.Check(t, func(rt *rapid.T) {
		p := newPartner(rt, t)
		defer p.close()
		rt.Repeat(map[string]func(*rapid.T){
			"bill":   func(rt *rapid.T) { p.bill(rt, p.month(rt), true) },
			"issue":  p.issue,
			"void":   p.void,
			"credit": p.credit,
			"":       func(*rapid.T) {},
		})
		p.settle(rt)
	})
}

// partner bills one customer by the policy carry-forward.
type partner struct {
	*store.Store
	t     *testing.T
	dir   string
	clock time.Time
	runs  int
	sells map[period.Month][2]int64 // what the customer owes for two subscriptions, in cents
}

var firstMonth = period.MustMonth("2026-01")

const months = 4

func newPartner(rt *rapid.T, t *testing.T) *partner {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "chandler-test-") // in memory where there is such a place: thousands of writes need no disk
	if err != nil {
		dir, err = os.MkdirTemp("", "chandler-test-")
	}
	if err != nil {
		rt.Fatal(err)
	}
	p := &partner{t: t, dir: dir, clock: time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC), sells: map[period.Month][2]int64{}}
	if p.Store, err = store.Open(t.Context(), store.Config{Path: filepath.Join(dir, "records.db"), Clock: p.now}); err != nil {
		rt.Fatal(err)
	}
	return p
}

func (p *partner) now() time.Time {
	p.clock = p.clock.Add(time.Second)
	return p.clock
}

func (p *partner) close() {
	if err := errors.Join(p.Close(), os.RemoveAll(p.dir)); err != nil {
		p.t.Error(err)
	}
}

func (p *partner) month(rt *rapid.T) period.Month {
	return firstMonth.Add(rapid.IntRange(0, months-1).Draw(rt, "month"))
}

func (p *partner) must(rt *rapid.T, err error) {
	rt.Helper()
	if err != nil {
		rt.Fatal(err)
	}
}

// bill drafts a month as the application does: with corrections where the month is billed already.
func (p *partner) bill(rt *rapid.T, m period.Month, change bool) {
	if change {
		amount := rapid.Int64Range(-9, 9)
		p.sells[m] = [2]int64{amount.Draw(rt, "first"), amount.Draw(rt, "second")}
	}
	p.runs++
	run := billing.Run{ID: fmt.Sprintf("run_%d", p.runs), Period: m, StartedAt: p.now()}
	in := billing.DraftInput{Buyer: billing.Buyer{CustomerID: "cus"}, Period: m, RunID: run.ID, Now: p.now(), Lines: p.lines(m)}
	in.Seller.Negative = billing.NegativeCarryForward
	before, err := p.IssuedFrom(p.t.Context(), m)
	p.must(rt, err)
	if in.Carried, err = p.OpenBalances(p.t.Context(), m); errs.CodeOf(err) == "run.stale" {
		return // an earlier month must be billed again first
	}
	p.must(rt, err)
	if issued := p.billed(rt, m); len(issued) > 0 {
		in.Lines = billing.Compare(issued, in.Lines, m, "EUR")
	}
	d := billing.Draft(in)
	p.must(rt, p.ReplaceRun(p.t.Context(), run, before, d.Invoices, d.Balances))
}

func (p *partner) lines(m period.Month) []billing.SellLine {
	var list []billing.SellLine
	for i, cents := range p.sells[m] {
		if cents != 0 {
			list = append(list, billing.SellLine{Currency: "EUR", Line: billing.Line{
				Kind: billing.KindCharge, Description: "Seats", SubscriptionID: fmt.Sprintf("sub_%d", i), ServiceFrom: m.First(), ServiceTo: m.Last(),
				Quantity: money.FromInt(1), Net: money.New(cents, -2),
			}})
		}
	}
	return list
}

// billed is what stands of a month: issued documents, and balances that are on later ones.
func (p *partner) billed(rt *rapid.T, m period.Month) []billing.Invoice {
	issued, err := p.IssuedInvoices(p.t.Context(), "", m)
	p.must(rt, err)
	balances, err := p.BilledBalances(p.t.Context(), m)
	p.must(rt, err)
	for _, b := range balances {
		issued = append(issued, billing.Invoice{
			Number: b.Number, Type: billing.TypeCreditNote, State: billing.StateIssued, Period: b.Period, CustomerID: b.CustomerID, Currency: b.Currency,
			Net: b.Net, Lines: b.Lines,
		})
	}
	return issued
}

// pick chooses a document in one of some states, or none.
func (p *partner) pick(rt *rapid.T, choose func(billing.Invoice) bool) (billing.Invoice, bool) {
	all, err := p.Invoices(p.t.Context(), store.InvoiceFilter{})
	p.must(rt, err)
	var fit []billing.Invoice
	for _, inv := range all {
		if choose(inv) {
			fit = append(fit, inv)
		}
	}
	if len(fit) == 0 {
		return billing.Invoice{}, false
	}
	inv, err := p.Invoice(p.t.Context(), fit[rapid.IntRange(0, len(fit)-1).Draw(rt, "document")].ID)
	p.must(rt, err)
	return inv, true
}

func isDraft(inv billing.Invoice) bool { return inv.State == billing.StateDraft }

func (p *partner) issue(rt *rapid.T) {
	if inv, ok := p.pick(rt, isDraft); ok {
		if err := p.issueOne(inv.ID); errs.CodeOf(err) != "run.stale" {
			p.must(rt, err)
		}
	}
}

func (p *partner) issueOne(id string) error {
	_, err := p.IssueInvoice(p.t.Context(), id, store.Counter{Series: "any", First: 1}, "kim", func(inv billing.Invoice, n int64) (billing.Invoice, error) {
		inv.Number, inv.State, inv.IssuedAt = strconv.FormatInt(n, 10), billing.StateIssued, p.now()
		return inv, nil
	})
	return err
}

func (p *partner) void(rt *rapid.T) {
	if inv, ok := p.pick(rt, isDraft); ok {
		was := inv.State
		inv.State = billing.StateVoid
		p.must(rt, p.UpdateInvoice(p.t.Context(), inv, was, "kim", "wrong"))
	}
}

// credit takes an invoice back whole.
func (p *partner) credit(rt *rapid.T) {
	inv, ok := p.pick(rt, func(inv billing.Invoice) bool {
		return inv.State == billing.StateIssued && inv.Type == billing.TypeInvoice
	})
	if !ok {
		return
	}
	note, err := p.AddCreditNote(p.t.Context(), inv.Number, func(original billing.Invoice, notes []billing.Invoice) (billing.Invoice, error) {
		return billing.Credit(original, billing.CreditRequest{Full: true, Reason: "returned", Now: p.now()}, notes)
	})
	if errs.CodeOf(err) == "credit.nothing_left" {
		return
	}
	p.must(rt, err)
	p.must(rt, p.issueOne(note.ID))
}

// settle bills all months again, in order, and adds up.
func (p *partner) settle(rt *rapid.T) {
	var want, have money.Decimal
	for i := range months {
		m := firstMonth.Add(i)
		p.bill(rt, m, false)
		want = want.Add(money.New(p.sells[m][0]+p.sells[m][1], -2))
	}
	stale, err := p.StalePeriods(p.t.Context())
	p.must(rt, err)
	if len(stale) > 0 {
		rt.Errorf("still stale: %v", stale)
	}
	all, err := p.Invoices(p.t.Context(), store.InvoiceFilter{})
	p.must(rt, err)
	for _, inv := range all {
		if inv.State != billing.StateVoid {
			have = have.Add(inv.Net)
		}
	}
	open, err := p.OpenBalances(p.t.Context(), firstMonth.Add(months))
	p.must(rt, err)
	for _, b := range open {
		have = have.Add(b.Net)
	}
	if !have.Equal(want) {
		rt.Errorf("documents and balances hold %s, the months come to %s", have, want)
	}
}
