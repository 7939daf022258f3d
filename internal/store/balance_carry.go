package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// takeBackBalances undoes what the period's replaced runs did with balances: those that they carried on are open again,
// those that they made are gone. What an issued document holds stays.
func (t *tx) takeBackBalances(ctx context.Context, p period.Month) error {
	used, err := t.replaceable(ctx, p)
	if err != nil {
		return err
	}
	for _, b := range used {
		if err := t.q.ReleaseBalance(ctx, dbq.ReleaseBalanceParams{RunID: b.RunID, CustomerID: b.CustomerID, Currency: b.Currency}); err != nil {
			return err
		}
	}
	made, err := t.q.BalancesOfPeriod(ctx, p.String())
	if err != nil {
		return err
	}
	for _, b := range made {
		number, err := t.billedBy(ctx, b)
		if err != nil {
			return err
		}
		if number != "" {
			continue
		}
		if err := t.markStale(ctx, b); err != nil {
			return err
		}
		if err := t.q.RemoveBalance(ctx, dbq.RemoveBalanceParams{RunID: b.RunID, CustomerID: b.CustomerID, Currency: b.Currency}); err != nil {
			return err
		}
	}
	return nil
}

// markStale says of the period that had carried the balance on, and of those that carried it further, that they must be
// billed again. A document of theirs that is being issued is waited for.
func (t *tx) markStale(ctx context.Context, b dbq.Balance) error {
	for b.UsedRun != "" {
		if err := t.q.MarkPeriodStale(ctx, b.UsedRun); err != nil {
			return err
		}
		if b.UsedInvoice != "" {
			return nil
		}
		next, err := t.q.Balance(ctx, dbq.BalanceParams{RunID: b.UsedRun, CustomerID: b.CustomerID, Currency: b.Currency})
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		b = next
	}
	return nil
}

// carriedKey tells a balance among those that are open.
type carriedKey struct {
	customerID string
	currency   money.Currency
	period     period.Month
}

// carried is how a balance was carried on: by which document ("": by the run's own balance), with which amount.
type carried struct {
	invoiceID string
	net       money.Decimal
}

// carryBalances keeps the run's own balances and marks those that it carried on. They must be open and of the amount
// that the run had read.
func (t *tx) carryBalances(ctx context.Context, run billing.Run, drafts []billing.Invoice, balances []billing.Balance) error {
	list, err := t.OpenBalances(ctx, run.Period)
	if err != nil {
		return err
	}
	open := map[carriedKey][]billing.Balance{} // more than one where a credited document gave an earlier one back
	for _, b := range list {
		key := carriedKey{b.CustomerID, b.Currency, b.Period}
		open[key] = append(open[key], b)
	}
	if err := t.addBalances(ctx, run, balances); err != nil {
		return err
	}
	for key, how := range carriedBy(drafts, balances) {
		left := how.net
		for _, b := range open[key] {
			left = left.Sub(b.Net)
			if err := t.useBalance(ctx, b, run, how.invoiceID); err != nil {
				return err
			}
		}
		if len(open[key]) == 0 || !left.IsZero() {
			return balanceChanged(key, run)
		}
	}
	return nil
}

func (t *tx) useBalance(ctx context.Context, b billing.Balance, run billing.Run, invoiceID string) error {
	n, err := t.q.UseBalance(ctx, dbq.UseBalanceParams{
		RunID: b.RunID, CustomerID: toText(b.CustomerID), Currency: string(b.Currency), UsedRun: run.ID, UsedInvoice: invoiceID,
	})
	if err == nil && n == 0 {
		err = balanceChanged(carriedKey{b.CustomerID, b.Currency, b.Period}, run)
	}
	return err
}

func balanceChanged(key carriedKey, run billing.Run) error {
	return errs.New(errs.Conflict, "run.overtaken", "the balance of %s from %s changed while %s was billed; bill it again",
		key.customerID, key.period, run.Period)
}

func (t *tx) addBalances(ctx context.Context, run billing.Run, balances []billing.Balance) error {
	for _, b := range balances {
		if b.RunID != run.ID || b.Period != run.Period {
			return errs.New(errs.Invalid, "balance.other_run", "the balance of %s is not of run %s", b.CustomerID, run.ID)
		}
		body, err := toBody(b)
		if err != nil {
			return err
		}
		if err := t.q.AddBalance(ctx, dbq.AddBalanceParams{
			RunID: run.ID, CustomerID: toText(b.CustomerID), Currency: string(b.Currency), Period: b.Period.String(), Body: body,
		}); err != nil {
			return err
		}
	}
	return nil
}

// carriedBy finds the balances that a run carried on, in the lines of its documents and of its own balances.
func carriedBy(drafts []billing.Invoice, balances []billing.Balance) map[carriedKey]carried {
	all := map[carriedKey]carried{}
	note := func(customerID string, c money.Currency, invoiceID string, lines []billing.Line) {
		for i := range lines {
			if l := &lines[i]; l.Kind == billing.KindCarryForward {
				key := carriedKey{customerID, c, l.CorrectsPeriod}
				all[key] = carried{invoiceID, all[key].net.Add(l.Net)}
			}
		}
	}
	for i := range drafts {
		note(drafts[i].CustomerID, drafts[i].Currency, drafts[i].ID, drafts[i].Lines)
	}
	for i := range balances {
		note(balances[i].CustomerID, balances[i].Currency, "", balances[i].Lines)
	}
	return all
}
