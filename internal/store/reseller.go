package store

import (
	"context"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/customer"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// Resellers lists the resellers of record that were named, by their partner id.
func (r reads) Resellers(ctx context.Context) ([]customer.Reseller, error) {
	rows, err := r.q.Resellers(ctx)
	if err != nil {
		return nil, doing(err, "list resellers")
	}
	list := make([]customer.Reseller, len(rows))
	for i, row := range rows {
		if err := fromBody(row.Body, &list[i]); err != nil {
			return nil, err
		}
		list[i].Version = row.Version
	}
	return list, nil
}

// PutReseller adds a reseller of version 0, or changes the one whose version it has; it returns the new version. Codes:
// reseller.exists, reseller.changed (another version is there, or none).
func (s *Store) PutReseller(ctx context.Context, r customer.Reseller) (customer.Reseller, error) {
	body, err := toBody(r)
	if err != nil {
		return r, err
	}
	err = s.inTx(ctx, func(t *tx) error {
		if r.Version == 0 {
			n, err := t.q.AddReseller(ctx, dbq.AddResellerParams{MPN: toText(r.MpnID), Billed: r.Billed, Body: body})
			if err == nil && n == 0 {
				return errs.New(errs.Conflict, "reseller.exists", "reseller %s exists already", r.MpnID)
			}
			return err
		}
		n, err := t.q.UpdateReseller(ctx, dbq.UpdateResellerParams{MPN: toText(r.MpnID), Billed: r.Billed, Version: r.Version, Body: body})
		if err == nil && n == 0 {
			return changed(nil, "reseller", r.MpnID)
		}
		return err
	})
	if err != nil {
		return r, doing(err, "keep reseller %s", r.MpnID)
	}
	r.Version++
	return r, nil
}
