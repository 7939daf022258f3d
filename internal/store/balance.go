package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// BilledBalance is a balance that came onto an issued document, whose number it has; it stands as that document does.
type BilledBalance struct {
	billing.Balance
	Number string
}

// OpenBalances are the balances of earlier periods that a run of the period carries on: those that nothing has carried
// on, and those that only the period's own run has, which a new run replaces. Code: run.stale (the period of one of them
// must be billed again first).
func (r reads) OpenBalances(ctx context.Context, p period.Month) ([]billing.Balance, error) {
	var list []billing.Balance
	err := r.snapshot(ctx, func(r reads) error {
		rows, err := r.q.UnusedBalancesBefore(ctx, p.String())
		if err != nil {
			return err
		}
		used, err := r.replaceable(ctx, p)
		if err != nil {
			return err
		}
		list, err = fromRowBalances(append(rows, used...))
		if err != nil {
			return err
		}
		return r.noneStale(ctx, list)
	})
	return list, doing(err, "list balances before %s", p)
}

// replaceable are the balances that the period's run carried on and that no issued document holds.
func (r reads) replaceable(ctx context.Context, p period.Month) ([]dbq.Balance, error) {
	rows, err := r.q.BalancesUsedInPeriod(ctx, p.String())
	if err != nil {
		return nil, err
	}
	var list []dbq.Balance
	for _, row := range rows {
		number, err := r.billedBy(ctx, row)
		if err != nil {
			return nil, err
		}
		if number == "" {
			list = append(list, row)
		}
	}
	return list, nil
}

// BilledBalances are the balances of a period that an issued document holds: they were billed as that period's charges,
// and a new run of the period must not bill them again.
func (r reads) BilledBalances(ctx context.Context, p period.Month) ([]BilledBalance, error) {
	var list []BilledBalance
	err := r.snapshot(ctx, func(r reads) error {
		rows, err := r.q.BalancesOfPeriod(ctx, p.String())
		if err != nil {
			return err
		}
		for _, row := range rows {
			number, err := r.billedBy(ctx, row)
			if err != nil {
				return err
			}
			if number == "" {
				continue
			}
			b, err := fromRowBalance(row)
			if err != nil {
				return err
			}
			list = append(list, BilledBalance{b, number})
		}
		return nil
	})
	return list, doing(err, "list billed balances of %s", p)
}

// billedBy is the number of the issued document that holds a balance, "" while there is none. Where the total was
// negative again, the balance is in the next one, and so on.
func (r reads) billedBy(ctx context.Context, b dbq.Balance) (string, error) {
	for b.UsedRun != "" && b.UsedInvoice == "" {
		next, err := r.q.Balance(ctx, dbq.BalanceParams{RunID: b.UsedRun, CustomerID: b.CustomerID, Currency: b.Currency})
		if errors.Is(err, sql.ErrNoRows) {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		b = next
	}
	if b.UsedInvoice == "" {
		return "", nil
	}
	number, err := r.q.InvoiceNumber(ctx, b.UsedInvoice)
	if errors.Is(err, sql.ErrNoRows) { // a draft that was removed a moment ago
		return "", nil
	}
	return number, err
}

// noneStale refuses balances of periods that must be billed again.
func (r reads) noneStale(ctx context.Context, list []billing.Balance) error {
	stale, err := r.StalePeriods(ctx)
	if err != nil {
		return err
	}
	for _, p := range stale {
		for i := range list {
			if list[i].Period == p {
				return errs.New(errs.Precondition, "run.stale", "%s must be billed again first: a balance that it had carried on is gone", p)
			}
		}
	}
	return nil
}

// carriesNothingStale refuses a document of a stale period that carries on a balance.
func (r reads) carriesNothingStale(ctx context.Context, inv billing.Invoice) error {
	for i := range inv.Lines {
		if l := &inv.Lines[i]; l.Kind == billing.KindCarryForward && l.CorrectsLine == 0 {
			return r.noneStale(ctx, []billing.Balance{{Period: inv.Period}})
		}
	}
	return nil
}

func fromRowBalances(rows []dbq.Balance) ([]billing.Balance, error) {
	list := make([]billing.Balance, len(rows))
	for i, row := range rows {
		var err error
		if list[i], err = fromRowBalance(row); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func fromRowBalance(row dbq.Balance) (billing.Balance, error) {
	var b billing.Balance
	if err := fromBody(row.Body, &b); err != nil {
		return b, fmt.Errorf("balance of %s in %s: %w", row.CustomerID, row.Period, err)
	}
	return b, nil
}
