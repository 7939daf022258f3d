package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/recon"
	"github.com/chandler-csp/chandler/internal/lake"
)

// owner is who acts in-process: the folder's owner, as the partner's owner.
const owner = "owner"

// BillRun rates a month, reconciles it and drafts its invoices. It replaces the drafts of an earlier run; documents
// that are issued stay, and what changed since becomes a correction.
func (a *App) BillRun(ctx context.Context, p period.Month) (Run, error) {
	run := billing.Run{ID: id.New("run", a.opts.Now()), Period: p, StartedAt: a.opts.Now()}
	snapshot, err := a.lake.Snapshot(ctx)
	if err != nil {
		return Run{}, err
	}
	m, err := a.load(ctx, snapshot, p)
	if err != nil {
		return Run{}, err
	}
	ps, err := a.parties(ctx, p)
	if err != nil {
		return Run{}, err
	}
	rules, err := a.store.Rules(ctx)
	if err != nil {
		return Run{}, err
	}
	a.progress("rate "+p.String(), 0, int64(len(m.lines)), "lines")
	w := a.work(ctx, run.ID, m, ps, rules)
	out := Run{ID: run.ID, Period: p, Estimate: m.estimate, Took: Took{Reconcile: w.reconciled}}
	a.progress("rate "+p.String(), int64(len(m.lines)), int64(len(m.lines)), "lines")
	drafts, balances, problems := w.documents(a.logo(ps.Seller), owner, a.opts.Now())
	out.Invoices, out.Totals, out.Findings = len(drafts), w.totals(), openFindings(w.result)
	out.Problems, out.Result, out.Notes = problems, w.result, slices.Clone(w.result.Notes)
	err = a.lake.WriteCharges(ctx, run.ID, p, w.sold.Charges, func(charges lake.DataSet) error {
		return a.keep(ctx, &run, w, charges, rules, out, drafts, balances)
	})
	if err != nil {
		return Run{}, err
	}
	if err := a.tell(ctx, &out, ps, balances); err != nil {
		return Run{}, err
	}
	for i := range drafts {
		out.Drafts = append(out.Drafts, rowOf(&drafts[i], ps, a.today()))
	}
	out.Took.Rate = a.opts.Now().Sub(run.StartedAt) - out.Took.Reconcile
	return out, nil
}

// Rerate rates a stored month again, every usage row and every line of it, and keeps nothing.
func (a *App) Rerate(ctx context.Context, p period.Month) ([]Total, error) {
	snapshot, err := a.lake.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	m, err := a.load(ctx, snapshot, p)
	if err != nil {
		return nil, err
	}
	ps, err := a.parties(ctx, p)
	if err != nil {
		return nil, err
	}
	rules, err := a.store.Rules(ctx)
	if err != nil {
		return nil, err
	}
	w := work{selling: sell("", m, ps, a.prepare(ctx, m).Lines(), rules)}
	w.customers = w.customerTotals()
	return w.totals(), nil
}

// work is a month's result: rated, priced and proved.
type work struct {
	*selling
	customers  []recon.CustomerTotal // retail unrounded, so that sums do not add up roundings
	result     recon.Result
	reconciled time.Duration
}

// work does the month in memory; a replay does the same from what a run kept.
func (a *App) work(ctx context.Context, runID string, m *month, ps *parties, rules []pricing.Rule) work {
	prepared := a.prepare(ctx, m)
	w := work{selling: sell(runID, m, ps, prepared.Lines(), rules)}
	start := a.opts.Now()
	w.result = prepared.Check()
	w.customers = w.customerTotals()
	w.result.Customers = rounded(w.customers)
	w.result.Notes = append(w.result.Notes, m.notes...)
	w.proveBilled()
	a.waive(ctx, &w.result)
	w.reconciled = a.opts.Now().Sub(start)
	return w
}

// proveBilled is level L6: every line is billed exactly once, or its customer is on the list of those not billed.
func (w *work) proveBilled() {
	billed := map[string]int{}
	for _, lines := range w.lines {
		for i := range lines {
			for _, c := range lines[i].ChargeIDs {
				billed[c]++
			}
		}
	}
	type lost struct {
		cost   money.Decimal
		places []recon.Evidence
	}
	unbilled := map[[2]string]*lost{}
	excluded, imported := map[string]bool{}, map[string]bool{}
	for i := range w.sold.Charges {
		c := &w.sold.Charges[i]
		if k := w.ps.byID[c.CustomerID]; k != nil && k.NotBilled != "" {
			excluded[k.Name+": "+k.NotBilled] = true
			continue
		} else if k != nil && k.Origin == "imported" {
			imported[k.ID] = true
		}
		if billed[c.ID] == 1 {
			continue
		}
		key := [2]string{c.TenantID, string(c.Currency)}
		if unbilled[key] == nil {
			unbilled[key] = &lost{}
		}
		unbilled[key].cost = unbilled[key].cost.Add(c.Cost)
		if len(unbilled[key].places) < maxRows {
			unbilled[key].places = append(unbilled[key].places, recon.Evidence{File: c.Place.File, Line: c.Place.Line, Column: "CustomerId", Detail: c.TenantID})
		}
	}
	for key, l := range unbilled {
		cost := l.cost
		w.result.Findings = append(w.result.Findings, recon.Finding{
			Key: id.Hash("fnd", "L6", key[0], key[1]), Level: "L6", Class: recon.UnbilledCustomer,
			Severity: recon.Error, Currency: money.Currency(key[1]), Amount: &cost, Evidence: l.places,
			Message: fmt.Sprintf("cost of %s reaches no invoice", cmp.Or(key[0], "lines without a customer")),
		})
	}
	for _, why := range slices.Sorted(maps.Keys(excluded)) {
		w.result.Notes = append(w.result.Notes, recon.Note{Code: "not-billed", Message: "not billed on purpose: " + why})
	}
	if len(imported) > 0 {
		w.result.Notes = append(w.result.Notes, recon.Note{
			Code: "imported-customers", Count: len(imported),
			Message: fmt.Sprintf("%d customers were made from the files; nobody has looked at them yet", len(imported)),
		})
	}
	if w.sold.Unruled > 0 {
		w.result.Notes = append(w.result.Notes, recon.Note{
			Code: "no-rule", Count: w.sold.Unruled,
			Message: fmt.Sprintf("%d lines match no price rule and sell at retail, or at cost where they have none", w.sold.Unruled),
		})
	}
}

// customerTotals sums both sides by tenant and currency, minimum fees among the sales. Retail is exact.
func (w *work) customerTotals() []recon.CustomerTotal {
	sums := map[[2]string]*recon.CustomerTotal{}
	at := func(tenant string, c money.Currency) *recon.CustomerTotal {
		k := [2]string{tenant, string(c)}
		if sums[k] == nil {
			sums[k] = &recon.CustomerTotal{TenantID: tenant, Currency: c}
			if known := w.ps.byTenant[tenant]; known != nil {
				sums[k].Name = known.Name
			}
		}
		return sums[k]
	}
	for i := range w.sold.Charges {
		c := &w.sold.Charges[i]
		t := at(c.TenantID, c.Currency)
		t.Cost, t.Retail = t.Cost.Add(c.Cost), t.Retail.Add(c.Retail)
		if k := w.ps.byID[c.CustomerID]; k != nil && k.NotBilled != "" {
			continue // its cost is the partner's own
		}
		sells := at(c.TenantID, c.SellCurrency)
		sells.Sell = sells.Sell.Add(c.Sell)
	}
	for _, f := range w.sold.Fees {
		if c := w.ps.byID[f.Customer]; c != nil && c.NotBilled == "" && f.Shortfall.Sign() > 0 {
			t := at(c.TenantID, f.Currency)
			t.Sell = t.Sell.Add(f.Shortfall)
		}
	}
	out := make([]recon.CustomerTotal, 0, len(sums))
	for _, t := range sums {
		t.Margin = t.Sell.Sub(t.Cost)
		out = append(out, *t)
	}
	slices.SortFunc(out, func(a, b recon.CustomerTotal) int {
		return cmp.Or(cmp.Compare(a.TenantID, b.TenantID), cmp.Compare(a.Currency, b.Currency))
	})
	return out
}

// rounded is the customers' totals as a person reads them.
func rounded(list []recon.CustomerTotal) []recon.CustomerTotal {
	out := slices.Clone(list)
	for i := range out {
		out[i].Retail = out[i].Retail.Round(money.HalfUp, out[i].Currency.MinorUnits())
	}
	return out
}

// totals sums customers, and the partner's own services, by currency.
func (w *work) totals() []Total {
	sums := map[money.Currency]*Total{}
	at := func(c money.Currency) *Total {
		if sums[c] == nil {
			sums[c] = &Total{Currency: c}
		}
		return sums[c]
	}
	for _, c := range w.customers {
		t := at(c.Currency)
		t.Cost, t.Retail, t.Sell = t.Cost.Add(c.Cost), t.Retail.Add(c.Retail), t.Sell.Add(c.Sell)
	}
	for _, c := range w.service {
		t := at(c.Currency)
		t.Services, t.Sell, t.Cost = t.Services.Add(c.Net), t.Sell.Add(c.Net), t.Cost.Add(c.Cost)
	}
	out := make([]Total, 0, len(sums))
	for _, c := range slices.Sorted(maps.Keys(sums)) {
		t := sums[c]
		t.Retail, t.Margin = t.Retail.Round(money.HalfUp, c.MinorUnits()), t.Sell.Sub(t.Cost)
		out = append(out, *t)
	}
	return out
}

// openFindings counts those that nobody waived.
func openFindings(r recon.Result) int {
	n := 0
	for _, f := range r.Findings {
		if f.Waived == "" {
			n++
		}
	}
	return n
}

// keep writes the run with all that it was made from, and its drafts, in one transaction.
func (a *App) keep(ctx context.Context, run *billing.Run, w work, charges lake.DataSet, rules []pricing.Rule, out Run,
	drafts []billing.Invoice, balances []billing.Balance,
) error {
	var err error
	part := func(to *[]byte, v any) {
		if err == nil {
			*to, err = marshal(v)
		}
	}
	part(&run.Inputs, w.m.snapshot)
	part(&run.Rules, rules)
	part(&run.Parties, w.ps)
	part(&run.Charges, charges)
	part(&run.Totals, out.Totals)
	part(&run.Result, w.result)
	if err != nil {
		return err
	}
	run.Estimate, run.Findings, run.FinishedAt = w.m.estimate, out.Findings, a.opts.Now()
	if run.Manifest, run.Signature, err = a.sign(ctx, *run, w.m.snapshot, charges); err != nil {
		return err
	}
	return a.store.ReplaceRun(ctx, *run, w.ps.issued, drafts, balances)
}

// logo is the seller's logo; a logo that cannot be read leaves a document without one, and `seller set` refuses it.
func (a *App) logo(s billing.Seller) []byte {
	if s.Logo == "" {
		return nil
	}
	b, err := billing.DecodeLogo(s.Logo)
	if err != nil {
		return nil
	}
	return b
}

// stored is a run with its kept parts read again.
type stored struct {
	billing.Run
	inputs  lake.Snapshot
	rules   []pricing.Rule
	parties *parties
	charges lake.DataSet
	proof   func() (recon.Result, error) // read when it is asked for: it is the largest part, and few ask
}

// result is the run's reconciliation; its findings may be changed.
func (s *stored) result() (recon.Result, error) {
	r, err := s.proof()
	r.Findings = slices.Clone(r.Findings)
	return r, err
}

// storedRun reads a run, or gives the one that was read last: a run that is kept never changes, and is large.
func (a *App) storedRun(ctx context.Context, runID string) (*stored, error) {
	a.memo.Lock()
	defer a.memo.Unlock()
	if a.memo.run != nil && a.memo.run.ID == runID {
		return a.memo.run, nil
	}
	run, err := a.store.Run(ctx, runID)
	if err != nil {
		return nil, err
	}
	s, err := readRun(run)
	if err != nil {
		return nil, err
	}
	a.memo.run = s
	return s, nil
}

func readRun(run billing.Run) (*stored, error) {
	s := &stored{Run: run, parties: &parties{}}
	for _, p := range []struct {
		from []byte
		to   any
	}{{run.Inputs, &s.inputs}, {run.Rules, &s.rules}, {run.Parties, s.parties}, {run.Charges, &s.charges}} {
		if err := json.Unmarshal(p.from, p.to); err != nil {
			return nil, fmt.Errorf("read run %s: %w", run.ID, err)
		}
	}
	s.parties.index()
	s.proof = sync.OnceValues(func() (r recon.Result, err error) {
		if err = json.Unmarshal(run.Result, &r); err != nil {
			err = fmt.Errorf("read the reconciliation of run %s: %w", run.ID, err)
		}
		return r, err
	})
	return s, nil
}

// latest is a period's last run; the newest of all for no period.
func (a *App) latest(ctx context.Context, p period.Month) (*stored, error) {
	run, err := a.store.LatestRun(ctx, p)
	if errors.Is(err, errs.NotFound) {
		what := "a month"
		if !p.IsZero() {
			what = p.String()
		}
		return nil, errs.New(errs.NotFound, "run.none", "%s was not billed yet: `chandler bill run --period YYYY-MM`", what)
	}
	if err != nil {
		return nil, err
	}
	return readRun(run)
}

// Recon is the reconciliation of a period's last run.
func (a *App) Recon(ctx context.Context, p period.Month) (recon.Result, error) {
	s, err := a.latest(ctx, p)
	if err != nil {
		return recon.Result{}, err
	}
	r, err := s.result()
	if err != nil {
		return r, err
	}
	a.waive(ctx, &r)
	return r, nil
}

// replay does a run's month again from what the run kept.
func (a *App) replay(ctx context.Context, s *stored) (work, error) {
	m, err := a.load(ctx, s.inputs, s.Period)
	if err != nil {
		return work{}, err
	}
	return a.work(ctx, s.ID, m, s.parties, s.rules), nil
}
