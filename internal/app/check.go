package app

import (
	"context"
	"errors"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// CheckApprove says whether all of the documents can be approved, and else names what keeps each of the others from it.
// Nothing is changed.
func (a *App) CheckApprove(ctx context.Context, refs []string, by Actor) error {
	return checkEach(refs, func(ref string) error {
		inv, err := a.store.Invoice(ctx, ref)
		if err != nil {
			return err
		}
		open, err := a.openOf(ctx, inv)
		if err != nil {
			return err
		}
		seller, err := a.store.Seller(ctx)
		if err != nil && !errors.Is(err, errs.NotFound) {
			return err
		}
		if inv, err = billing.Validate(inv, open); err == nil {
			_, err = billing.Approve(inv, by.name(), seller.Approval)
		}
		return err
	})
}

// CheckIssue says whether all of the documents can be issued, and else names every gap of every one. Nothing is changed.
func (a *App) CheckIssue(ctx context.Context, refs []string) error {
	return checkEach(refs, func(ref string) error {
		inv, err := a.store.Invoice(ctx, ref)
		if err != nil {
			return err
		}
		fresh, seller, err := a.refreshed(ctx, inv)
		if err != nil {
			return err
		}
		if inv.State != billing.StateApproved {
			_, err := billing.Issue(inv, seller, billing.Issuance{})
			return err
		}
		return errs.Join("invoice.incomplete", fresh.Name()+" cannot be issued yet", billing.ReadyToIssue(fresh, seller))
	})
}

// checkEach gathers why documents are refused. A fault of ours, which has no code, ends it.
func checkEach(refs []string, check func(ref string) error) error {
	var all refusals
	for _, ref := range refs {
		err := check(ref)
		if err != nil && errs.CodeOf(err) == "" {
			return err
		}
		all.add(ref, err)
	}
	return all.error(len(refs))
}

// refusals are the documents of a command that cannot be done. What several of them lack alike is told once.
type refusals struct {
	count  int
	first  error
	fields []errs.Field
	told   map[errs.Field]bool
}

func (r *refusals) add(ref string, err error) {
	var e *errs.Error
	if err == nil || !errors.As(err, &e) {
		return
	}
	if r.count++; r.count == 1 {
		r.first, r.told = err, map[errs.Field]bool{}
	}
	fields := e.Fields
	if len(fields) == 0 {
		fields = []errs.Field{{Code: e.Code, Detail: e.Detail}}
	}
	for _, f := range fields {
		if !strings.HasPrefix(f.Place, "/seller") { // the seller is that of all documents
			f.Place = "/" + ref + f.Place
		}
		if !r.told[f] {
			r.told[f] = true
			r.fields = append(r.fields, f)
		}
	}
}

func (r *refusals) error(of int) error {
	switch {
	case r.count == 0:
		return nil
	case of == 1:
		return r.first
	}
	return errs.New(errs.Precondition, "invoices.refused", "nothing is done: %d of %d documents cannot be", r.count, of).With(r.fields...)
}
