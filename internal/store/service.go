package store

import (
	"context"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/service"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// Service is one service. Code: service.unknown.
func (r reads) Service(ctx context.Context, id string) (service.Service, error) {
	row, err := r.q.Service(ctx, toText(id))
	if err != nil {
		return service.Service{}, unknown(err, "service.unknown", "there is no service %s", id)
	}
	return fromRowService(row.Version, row.Body)
}

// Services lists the services of a customer, or of all for no id, by customer and id.
func (r reads) Services(ctx context.Context, customerID string) ([]service.Service, error) {
	rows, err := r.q.Services(ctx, toText(customerID))
	if err != nil {
		return nil, doing(err, "list services")
	}
	list := make([]service.Service, len(rows))
	for i, row := range rows {
		if list[i], err = fromRowService(row.Version, row.Body); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// PutService adds a service of version 0, or changes the one whose version it has; it returns the new version. Codes:
// service.exists, service.changed, service.unknown, store.missing_reference (no such customer).
func (s *Store) PutService(ctx context.Context, v service.Service) (service.Service, error) {
	body, err := toBody(v)
	if err != nil {
		return v, err
	}
	err = s.inTx(ctx, func(t *tx) error {
		if v.Version > 0 {
			return t.updateService(ctx, v, body)
		}
		n, err := t.q.AddService(ctx, dbq.AddServiceParams{
			ID: toText(v.ID), CustomerID: toText(v.CustomerID), StartsOn: v.From.String(), EndsOn: v.To.String(), Body: body,
		})
		if err == nil && n == 0 {
			return errs.New(errs.Conflict, "service.exists", "service %s exists already", v.ID)
		}
		return err
	})
	if err != nil {
		return v, doing(err, "keep service %s", v.ID)
	}
	v.Version++
	return v, nil
}

func (t *tx) updateService(ctx context.Context, v service.Service, body string) error {
	n, err := t.q.UpdateService(ctx, dbq.UpdateServiceParams{
		ID: toText(v.ID), CustomerID: toText(v.CustomerID), StartsOn: v.From.String(), EndsOn: v.To.String(),
		Version: v.Version, Body: body,
	})
	if err != nil || n > 0 {
		return err
	}
	_, err = t.q.Service(ctx, toText(v.ID))
	return changed(err, "service", v.ID)
}

func fromRowService(version int64, body string) (service.Service, error) {
	var v service.Service
	err := fromBody(body, &v)
	v.Version = version
	return v, err
}
