package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/recon"
	"github.com/chandler-csp/chandler/internal/lake"
)

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
	run, err := a.latestRun(ctx, p)
	if err != nil {
		return nil, err
	}
	return readRun(run)
}

func (a *App) latestRun(ctx context.Context, p period.Month) (billing.Run, error) {
	run, err := a.store.LatestRun(ctx, p)
	if errors.Is(err, errs.NotFound) {
		what := "a month"
		if !p.IsZero() {
			what = p.String()
		}
		return run, errs.New(errs.NotFound, "run.none", "%s was not billed yet: `chandler bill run --period YYYY-MM`", what)
	}
	return run, err
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
