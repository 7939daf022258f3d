package app

import (
	"context"
	"slices"
	"time"

	"github.com/chandler-csp/chandler/internal/core/id"
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
	m, ps, rules, err := a.gather(ctx, p)
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
	ctx = context.WithoutCancel(ctx) // the run is kept: what it did is told, also to somebody who stops it now
	if err := a.tell(ctx, &out, ps, balances); err != nil {
		return Run{}, err
	}
	for i := range drafts {
		out.Drafts = append(out.Drafts, rowOf(&drafts[i], ps, a.today()))
	}
	out.Took.Rate = a.opts.Now().Sub(run.StartedAt) - out.Took.Reconcile
	return out, nil
}

// gather reads all that a month is billed from, as it is now. What was issued since is counted before anything is read
// of the records, so that a run can tell that it was overtaken.
func (a *App) gather(ctx context.Context, p period.Month) (*month, *parties, []pricing.Rule, error) {
	snapshot, err := a.lake.Snapshot(ctx)
	if err != nil {
		return nil, nil, nil, err
	}
	m, err := a.load(ctx, snapshot, p)
	if err != nil {
		return nil, nil, nil, err
	}
	ps, err := a.parties(ctx, p)
	if err != nil {
		return nil, nil, nil, err
	}
	rules, err := a.store.Rules(ctx)
	return m, ps, rules, err
}

// Rerate rates a stored month again, every usage row and every line of it, and keeps nothing.
func (a *App) Rerate(ctx context.Context, p period.Month) ([]Total, error) {
	m, ps, rules, err := a.gather(ctx, p)
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
