package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// provider applies the migrations, which are the same for both databases.
func (s *Store) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	options := []goose.ProviderOption{goose.WithTableName("schema_versions"), goose.WithDisableGlobalRegistry(true)}
	dialect := goose.DialectSQLite3
	if s.dialect == Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresSessionLocker() // several replicas start at once
		if err != nil {
			return nil, fmt.Errorf("lock the schema: %w", err)
		}
		options = append(options, goose.WithSessionLocker(locker))
	}
	p, err := goose.NewProvider(dialect, s.writer, files, options...)
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return p, nil
}

// migrate brings the schema up to date. Migrations are never edited once released, so there is no way down. Of several
// processes that start at once on PostgreSQL all but one wait; on SQLite, which has no such lock, they fail and find it
// done when they look again.
func (s *Store) migrate(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	for attempt := range attempts {
		if attempt > 0 {
			if wait := pause(ctx, attempt); wait != nil {
				return errors.Join(wait, err)
			}
		}
		if err = up(ctx, p); err == nil || errors.Is(err, errs.Precondition) {
			return err
		}
	}
	return err
}

func up(ctx context.Context, p *goose.Provider) error {
	current, target, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if current > target {
		return errs.New(errs.Precondition, "store.newer",
			"the records have schema %d, this program knows up to %d: use a newer version of it", current, target)
	}
	if current == target {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("update the schema from version %d: %w", current, err)
	}
	return nil
}
