// Package store keeps the records: customers, prices, runs, invoices, numbers, payments, and the lake's journal, in
// SQLite or in PostgreSQL by one set of SQL. It owns how they are kept and that writes are atomic; the rules of the
// business are their packages'. Invariant: an issued document is never changed, and the numbers have no gap.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/dataset"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// Dialect names the database behind a Store, in the words of the lake's catalog.
type Dialect string

// The dialects.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Config says where the records are: Path of a SQLite file, made when missing, or DSN of a PostgreSQL database. Exactly
// one of them is set. Clock is needed.
type Config struct {
	Path  string
	DSN   string
	Clock func() time.Time
}

// Validate names what is wrong with the configuration.
func (c Config) Validate() error {
	var fields []errs.Field
	if (c.Path == "") == (c.DSN == "") {
		fields = append(fields, errs.Field{Place: "/path", Code: "required", Detail: "a SQLite file or a PostgreSQL DSN, one of them"})
	}
	if c.Clock == nil {
		fields = append(fields, errs.Field{Place: "/clock", Code: "required", Detail: "a clock"})
	}
	return errs.Join("store.config", "the records database is not configured", fields)
}

// Store is an open records database. It is safe for concurrent use. Its reading methods see what is committed; every
// writing method is a transaction of its own: all of it is kept, or nothing.
type Store struct {
	reads
	dialect Dialect
	writer  *sql.DB
	reader  *sql.DB
	shared  *sql.DB
	clock   func() time.Time
}

// Store keeps the lake's journal.
var _ dataset.Journal = (*Store)(nil)

// Open opens the database and brings its schema up to date. A database that a newer version wrote is refused by code
// store.newer.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := &Store{clock: cfg.Clock}
	open := s.openSQLite
	if cfg.DSN != "" {
		open = s.openPostgres
	}
	if err := open(cfg); err != nil {
		return nil, fmt.Errorf("open the records: %w", fromDriver(err))
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open the records: %w", fromDriver(err)), s.Close())
	}
	s.reads = reads{q: dbq.New(s.reader), snapshot: s.view}
	return s, nil
}

// SQL is a pool for others that keep tables of their own beside the records, such as the lake's catalog. It may be used
// while a transaction of the store is open elsewhere, but not inside one: on SQLite it would wait for itself.
func (s *Store) SQL() *sql.DB { return s.shared }

// Dialect is the database's kind.
func (s *Store) Dialect() Dialect { return s.dialect }

// Close closes all connections.
func (s *Store) Close() error {
	var all error
	closed := map[*sql.DB]bool{nil: true}
	for _, db := range []*sql.DB{s.shared, s.reader, s.writer} {
		if !closed[db] {
			closed[db] = true
			all = errors.Join(all, db.Close())
		}
	}
	if all != nil {
		return fmt.Errorf("close the records: %w", all)
	}
	return nil
}
