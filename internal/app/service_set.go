package app

import (
	"context"
	"io"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/service"
)

// SetService changes what a JSON document names of a service, such as the units recorded for a month: fields that it
// does not name stay. Whose service it is does not change.
func (a *App) SetService(ctx context.Context, id string, r io.Reader) (service.Service, error) {
	was, err := a.store.Service(ctx, id)
	if err != nil {
		return was, err
	}
	s := was
	if err := decode(r, "the service", &s); err != nil {
		return was, err
	}
	s.ID, s.CustomerID, s.CreatedAt, s.Version = was.ID, was.CustomerID, was.CreatedAt, was.Version
	if err := errs.Join("service.invalid", "the service is not complete", s.Validate()); err != nil {
		return was, err
	}
	return a.store.PutService(ctx, s)
}
