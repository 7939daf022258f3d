package app

import (
	"context"
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/csp/dataset"
	"github.com/chandler-csp/chandler/internal/lake"
)

// What follows from a change but cannot be in its transaction is noted in the journal before the change and done after
// it: customers are read from files that the lake has taken in, renderings are made of a document that has its number.
// A start that finds such a note does then what a killed process did not come to.
const (
	pendingCustomers  = "customers"
	pendingRenderings = "renderings"
)

// pending notes something to do after a change; the function that it returns takes the note back.
func (a *App) pending(ctx context.Context, kind, about string) (func(context.Context) error, error) {
	in := dataset.Intent{ID: id.New("int", a.opts.Now()), Kind: kind, State: "staging", Payload: []byte(about), At: a.opts.Now()}
	if err := a.store.Begin(ctx, in); err != nil {
		return nil, fmt.Errorf("note what is to do: %w", err)
	}
	a.step("noted " + kind)
	return func(ctx context.Context) error {
		a.step("did " + kind)
		return a.store.Abort(context.WithoutCancel(ctx), in.ID)
	}, nil
}

// catchUp does what an earlier process noted and did not do.
func (a *App) catchUp(ctx context.Context) error {
	open, err := a.store.OpenIntents(ctx)
	if err != nil {
		return fmt.Errorf("look for what is to do: %w", err)
	}
	for _, in := range open {
		switch in.Kind {
		case pendingCustomers:
			err = a.allCustomers(ctx)
		case pendingRenderings:
			err = a.missingRenderings(ctx, string(in.Payload))
		default:
			continue
		}
		if err == nil {
			err = a.store.Abort(ctx, in.ID)
		}
		if err != nil {
			return fmt.Errorf("make up for %s: %w", in.Kind, err)
		}
	}
	return nil
}

// allCustomers makes the customers that any data set names and that are not here.
func (a *App) allCustomers(ctx context.Context) error {
	s, err := a.lake.Snapshot(ctx)
	if err != nil {
		return err
	}
	_, err = a.ensureCustomers(ctx, s.Keep(func(d lake.DataSet) bool { return d.Table != lake.TableCharge }).Sets)
	return err
}

// missingRenderings hashes the renderings of a document, if it was issued.
func (a *App) missingRenderings(ctx context.Context, invoiceID string) error {
	inv, err := a.store.Invoice(ctx, invoiceID)
	if err != nil || inv.Number == "" {
		return err
	}
	return a.hashRenderings(ctx, inv)
}
