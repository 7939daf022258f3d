package store

import (
	"context"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// IssuedFrom is how many documents of a period and of later ones are issued. A run asks before it reads anything else, and
// tells ReplaceRun.
func (r reads) IssuedFrom(ctx context.Context, p period.Month) (int64, error) {
	n, err := r.q.IssuedFrom(ctx, p.String())
	return n, doing(err, "count what is issued")
}

// ReplaceRun puts a run in the place of its period's last one: the drafts of earlier runs go, and the balances that they
// made or carried on are taken back; issued and void documents and credit notes made by hand stay. Later periods that
// had carried on a balance that is gone become stale. issued is what IssuedFrom said when the run began. Codes: run.exists,
// run.overtaken (something that the run was made from changed meanwhile; bill again), run.stale (an earlier period must be
// billed again first), invoice.exists.
func (s *Store) ReplaceRun(ctx context.Context, run billing.Run, issued int64, drafts []billing.Invoice, balances []billing.Balance) error {
	err := s.inTx(ctx, func(t *tx) error {
		if err := t.addRun(ctx, run); err != nil {
			return err
		}
		if err := t.q.RemoveDraftsOfRuns(ctx, run.Period.String()); err != nil {
			return err
		}
		if err := t.takeBackBalances(ctx, run.Period); err != nil {
			return err
		}
		if err := t.nothingIssued(ctx, run, issued); err != nil {
			return err
		}
		for i := range drafts {
			if drafts[i].RunID != run.ID || drafts[i].Period != run.Period {
				return errs.New(errs.Invalid, "invoice.other_document", "draft %s is not of run %s", drafts[i].ID, run.ID)
			}
			if err := t.addInvoice(ctx, drafts[i], false); err != nil {
				return err
			}
		}
		return t.carryBalances(ctx, run, drafts, balances)
	})
	return doing(err, "keep run %s", run.ID)
}

// addRun adds the run and makes it the period's; the period's row is the lock that makes two runs of it wait in line.
func (t *tx) addRun(ctx context.Context, run billing.Run) error {
	if err := t.q.AddRun(ctx, toRowRun(run)); err != nil {
		if isUnique(err) {
			return errs.New(errs.Conflict, "run.exists", "run %s is kept already", run.ID)
		}
		return err
	}
	return t.q.PointPeriodAtRun(ctx, dbq.PointPeriodAtRunParams{Period: run.Period.String(), RunID: run.ID})
}

// nothingIssued refuses a run that a document overtook: it would bill what that document bills. A later period's document
// counts too, since it may hold a balance of this one. It comes when the period is locked, and those along which its
// balances were carried: until the end nothing of them is issued.
func (t *tx) nothingIssued(ctx context.Context, run billing.Run, before int64) error {
	n, err := t.q.IssuedFrom(ctx, run.Period.String())
	if err == nil && n != before {
		err = errs.New(errs.Conflict, "run.overtaken", "%d documents were issued while %s was billed; bill it again", n-before, run.Period)
	}
	return err
}
