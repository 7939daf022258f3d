package store

import (
	"context"

	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// Run is one bill run with all that it was made from. Runs are kept when a later one takes their place. Code:
// run.unknown.
func (r reads) Run(ctx context.Context, id string) (billing.Run, error) {
	row, err := r.q.Run(ctx, toText(id))
	if err != nil {
		return billing.Run{}, unknown(err, "run.unknown", "there is no run %s", id)
	}
	return fromRowRun(row)
}

// LatestRun is the run that counts for a period; for no period the one of all that began last. Code: run.unknown.
func (r reads) LatestRun(ctx context.Context, p period.Month) (billing.Run, error) {
	var run billing.Run
	err := r.snapshot(ctx, func(r reads) error {
		id, err := r.q.LatestRunID(ctx, p.String())
		if err != nil {
			return unknown(err, "run.unknown", "no run was made yet of %s", p)
		}
		run, err = r.Run(ctx, id)
		return err
	})
	return run, doing(err, "read the latest run")
}

// StalePeriods lists the periods that must be billed again: an earlier month was, and a balance that they had carried
// on is not there any more.
func (r reads) StalePeriods(ctx context.Context) ([]period.Month, error) {
	rows, err := r.q.StalePeriods(ctx)
	if err != nil {
		return nil, doing(err, "list stale periods")
	}
	list := make([]period.Month, len(rows))
	var from fromText
	for i, row := range rows {
		list[i] = from.month(row)
	}
	return list, from.err
}

func toRowRun(r billing.Run) dbq.AddRunParams {
	return dbq.AddRunParams{
		ID: toText(r.ID), Period: r.Period.String(), Estimate: r.Estimate, StartedAt: toMicros(r.StartedAt), FinishedAt: toMicros(r.FinishedAt),
		Findings: int64(r.Findings), Inputs: toBytes(r.Inputs), Rules: toBytes(r.Rules), Parties: toBytes(r.Parties), Charges: toBytes(r.Charges),
		Totals: toBytes(r.Totals), Result: toBytes(r.Result), Manifest: toBytes(r.Manifest), Signature: toBytes(r.Signature),
	}
}

func fromRowRun(row dbq.Run) (billing.Run, error) {
	var from fromText
	return billing.Run{
		ID: row.ID, Period: from.month(row.Period), Estimate: row.Estimate, StartedAt: fromMicros(row.StartedAt), FinishedAt: fromMicros(row.FinishedAt),
		Findings: int(row.Findings), Inputs: fromBytes(row.Inputs), Rules: fromBytes(row.Rules), Parties: fromBytes(row.Parties),
		Charges: fromBytes(row.Charges), Totals: fromBytes(row.Totals), Result: fromBytes(row.Result), Manifest: fromBytes(row.Manifest),
		Signature: fromBytes(row.Signature),
	}, from.err
}
