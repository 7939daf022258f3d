package app

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/recon"
	"github.com/chandler-csp/chandler/internal/lake"
)

// tell adds to a run what a person should know of its documents: totals below zero that no document shows, and months
// that the run left out of date. They are no part of the stored result, which follows from the month's inputs alone.
func (a *App) tell(ctx context.Context, out *Run, ps *parties, balances []billing.Balance) error {
	for _, b := range balances {
		out.Notes = append(out.Notes, recon.Note{Code: "carried-forward", Count: 1, Message: fmt.Sprintf("%s: %s of %s are carried forward",
			ps.ref(b.CustomerID).Name, inCurrency(b.Net, b.Currency), b.Period)})
	}
	stale, err := a.store.StalePeriods(ctx)
	if err != nil {
		return err
	}
	for _, s := range stale {
		out.Problems = append(out.Problems, fmt.Sprintf("bill %s again: a balance that it had carried on is not there any more", s))
	}
	return nil
}

// outdated lists the months that were billed before the sets came: what they bill is not what was imported.
func (a *App) outdated(ctx context.Context, sets []lake.DataSet) ([]string, error) {
	var months []period.Month
	for _, d := range sets {
		if d.Table != lake.TablePrice && d.Table != lake.TableFX && !d.Period.IsZero() && !slices.Contains(months, d.Period) {
			months = append(months, d.Period)
		}
	}
	slices.SortFunc(months, func(x, y period.Month) int { return x.First().Compare(y.First()) })
	var notes []string
	for _, m := range months {
		_, err := a.store.LatestRun(ctx, m)
		if errors.Is(err, errs.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		notes = append(notes, fmt.Sprintf("%s was billed before this import: bill it again", m))
	}
	return notes, nil
}
