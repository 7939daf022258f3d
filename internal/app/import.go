package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/customer"
	"github.com/chandler-csp/chandler/internal/lake"
)

// ImportReport is what an import did, with the customers that it made.
type ImportReport struct {
	lake.ImportReport
	NewCustomers []CustomerRef `json:"new_customers"`
}

// Import takes in files. Tenants that no customer has become customers, marked as made from the file.
func (a *App) Import(ctx context.Context, paths []string) (ImportReport, error) {
	did, err := a.pending(ctx, pendingCustomers, "")
	if err != nil {
		return ImportReport{}, err
	}
	r, err := a.lake.Import(ctx, paths)
	out := ImportReport{ImportReport: r, NewCustomers: []CustomerRef{}}
	if err != nil {
		return out, errors.Join(err, did(ctx))
	}
	for _, f := range r.Files {
		for _, n := range f.Notes {
			place := f.Name
			if n.Line > 0 {
				place = fmt.Sprintf("%s:%d", place, n.Line)
			}
			if n.Column != "" {
				place += ":" + n.Column
			}
			times := ""
			if n.Count > 1 {
				times = fmt.Sprintf(" (%d times, here first)", n.Count)
			}
			out.Notes = append(out.Notes, place+": "+n.Detail+times)
		}
	}
	added, err := a.ensureCustomers(context.WithoutCancel(ctx), r.New)
	if err != nil {
		return out, err
	}
	for _, c := range added {
		out.NewCustomers = append(out.NewCustomers, CustomerRef{c.ID, c.TenantID, c.Name})
	}
	outdated, err := a.outdated(context.WithoutCancel(ctx), r.New)
	if err != nil {
		return out, err
	}
	out.Notes = append(out.Notes, outdated...)
	return out, did(ctx)
}

func (a *App) ensureCustomers(ctx context.Context, sets []lake.DataSet) ([]customer.Customer, error) {
	seen, err := a.lake.Tenants(ctx, lake.Snapshot{Sets: sets})
	if err != nil {
		return nil, err
	}
	list := make([]customer.Customer, 0, len(seen))
	for _, t := range seen {
		name := strings.TrimSpace(t.Name)
		if name == "" {
			name = t.ID
		}
		list = append(list, customer.Customer{
			ID: id.New("cus", a.opts.Now()), TenantID: t.ID, Name: name, Domain: t.Domain, Country: t.Country, Origin: "imported", FirstSeen: t.File,
			Party: billing.Party{Name: name, Address: billing.Address{Country: t.Country}}, CreatedAt: a.opts.Now(),
		})
	}
	slices.SortFunc(list, func(x, y customer.Customer) int { return strings.Compare(x.TenantID, y.TenantID) })
	added, err := a.store.EnsureCustomers(ctx, list)
	if err != nil {
		return nil, fmt.Errorf("make customers from the files: %w", err)
	}
	return added, nil
}
