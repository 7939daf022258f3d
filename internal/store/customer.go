package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/customer"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// Customers lists all customers by name.
func (r reads) Customers(ctx context.Context) ([]customer.Customer, error) {
	rows, err := r.q.Customers(ctx)
	if err != nil {
		return nil, doing(err, "list customers")
	}
	list := make([]customer.Customer, len(rows))
	for i, row := range rows {
		if list[i], err = fromRowCustomer(row.Version, row.Body); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Customer finds one by id, by tenant id in any case, or by its name where no other has the same. Codes:
// customer.unknown, customer.ambiguous.
func (r reads) Customer(ctx context.Context, ref string) (customer.Customer, error) {
	var c customer.Customer
	err := r.snapshot(ctx, func(r reads) error {
		row, err := r.q.Customer(ctx, toText(ref))
		if errors.Is(err, sql.ErrNoRows) {
			var of dbq.CustomerByTenantRow
			of, err = r.q.CustomerByTenant(ctx, tenantKey(ref))
			row = dbq.CustomerRow(of)
		}
		if errors.Is(err, sql.ErrNoRows) {
			row, err = r.customerNamed(ctx, ref)
		}
		if err == nil {
			c, err = fromRowCustomer(row.Version, row.Body)
		}
		return err
	})
	return c, doing(err, "find customer %q", ref)
}

func (r reads) customerNamed(ctx context.Context, name string) (dbq.CustomerRow, error) {
	rows, err := r.q.CustomersNamed(ctx, toSortName(name))
	switch {
	case err != nil:
		return dbq.CustomerRow{}, err
	case len(rows) == 0:
		return dbq.CustomerRow{}, errs.New(errs.NotFound, "customer.unknown", "no customer has the id, tenant or name %q", name)
	case len(rows) > 1:
		return dbq.CustomerRow{}, errs.New(errs.Conflict, "customer.ambiguous",
			"several customers are named %q: use the id or the tenant", name)
	}
	return dbq.CustomerRow(rows[0]), nil
}

// PutCustomer adds a customer of version 0, or changes the one whose version it has; it returns the new version.
// Codes: customer.exists (id or tenant), customer.changed (another version is there), customer.unknown.
func (s *Store) PutCustomer(ctx context.Context, c customer.Customer) (customer.Customer, error) {
	body, err := toBody(c)
	if err != nil {
		return c, err
	}
	err = s.inTx(ctx, func(t *tx) error {
		if c.Version == 0 {
			added, err := t.addCustomer(ctx, c, body)
			if err == nil && !added {
				return customerExists(c)
			}
			return err
		}
		return t.updateCustomer(ctx, c, body)
	})
	if err != nil {
		return c, doing(err, "keep customer %s", c.ID)
	}
	c.Version++
	return c, nil
}

// EnsureCustomers adds the customers whose tenant nobody has, and leaves all others as they are. It returns those that
// it added.
func (s *Store) EnsureCustomers(ctx context.Context, list []customer.Customer) ([]customer.Customer, error) {
	var added []customer.Customer
	err := s.inTx(ctx, func(t *tx) error {
		added = nil // a second attempt begins anew
		for _, c := range list {
			body, err := toBody(c)
			if err != nil {
				return err
			}
			ok, err := t.addCustomer(ctx, c, body)
			if err != nil {
				return err
			}
			if ok {
				c.Version = 1
				added = append(added, c)
			}
		}
		return nil
	})
	if err != nil {
		return nil, doing(err, "add customers")
	}
	return added, nil
}

// addCustomer says false when the id or the tenant is taken.
func (t *tx) addCustomer(ctx context.Context, c customer.Customer, body string) (bool, error) {
	n, err := t.q.AddCustomer(ctx, dbq.AddCustomerParams{
		ID: toText(c.ID), TenantKey: tenantKey(c.TenantID), SortName: toSortName(c.Name), Origin: toText(c.Origin),
		CreatedAt: toMicros(c.CreatedAt), Body: body,
	})
	return n > 0, err
}

func (t *tx) updateCustomer(ctx context.Context, c customer.Customer, body string) error {
	n, err := t.q.UpdateCustomer(ctx, dbq.UpdateCustomerParams{
		ID: toText(c.ID), TenantKey: tenantKey(c.TenantID), SortName: toSortName(c.Name), Origin: toText(c.Origin),
		Version: c.Version, Body: body,
	})
	switch {
	case isUnique(err):
		return customerExists(c)
	case err != nil || n > 0:
		return err
	}
	_, err = t.q.Customer(ctx, toText(c.ID))
	return changed(err, "customer", c.ID)
}

func customerExists(c customer.Customer) error {
	return errs.New(errs.Conflict, "customer.exists", "a customer with tenant %s exists already", c.TenantID)
}

// tenantKey is the form in which tenants are compared.
func tenantKey(tenant string) string { return strings.ToLower(toText(tenant)) }

func fromRowCustomer(version int64, body string) (customer.Customer, error) {
	var c customer.Customer
	err := fromBody(body, &c)
	c.Version = version
	return c, err
}
