package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// attempts is how often a transaction is tried when the database was busy or could not serialize it.
const attempts = 4

// reads are the reading methods, which Store and tx share: outside of a transaction they see what is committed, inside
// also what it wrote.
type reads struct {
	q *dbq.Queries
	// snapshot runs reads that belong together on one state of the database.
	snapshot func(ctx context.Context, fn func(r reads) error) error
}

// tx is an open transaction. It reads what it wrote itself. It must not be used after the function that got it ends.
type tx struct {
	reads
	now time.Time // one instant for all that it writes
}

// inTx runs fn in one transaction: all of its writes are kept, or none when it returns an error. When the database is
// busy or a deadlock was broken, the whole of fn runs again, up to 3 times more; so it must do nothing that a second
// run would do twice. It must call nothing outside of the database.
func (s *Store) inTx(ctx context.Context, fn func(t *tx) error) error {
	var err error
	for attempt := range attempts {
		if attempt > 0 {
			if wait := pause(ctx, attempt); wait != nil {
				return errors.Join(wait, fromDriver(err))
			}
		}
		if err = s.once(ctx, fn); err == nil || !isTransient(err) {
			break
		}
	}
	return fromDriver(err)
}

// pause waits a little longer before each attempt, never exactly as long as another process.
func pause(ctx context.Context, attempt int) error {
	base := 10 * time.Millisecond << attempt
	t := time.NewTimer(base + rand.N(base)) //nolint:gosec // no secret
	defer t.Stop()
	select {
	case <-ctx.Done():
		return fmt.Errorf("wait for the database: %w", ctx.Err())
	case <-t.C:
		return nil
	}
}

func (s *Store) once(ctx context.Context, fn func(t *tx) error) error {
	db, err := s.writer.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer db.Rollback() //nolint:errcheck // after a commit there is nothing to undo
	t := &tx{now: s.clock()}
	t.reads = reads{q: dbq.New(db)}
	t.snapshot = func(_ context.Context, fn func(r reads) error) error { return fn(t.reads) }
	if err := fn(t); err != nil {
		return err
	}
	if err := db.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// view runs reads on one snapshot.
func (s *Store) view(ctx context.Context, fn func(r reads) error) error {
	options := &sql.TxOptions{ReadOnly: true}
	if s.dialect == Postgres {
		options.Isolation = sql.LevelRepeatableRead
	}
	db, err := s.reader.BeginTx(ctx, options)
	if err != nil {
		return fmt.Errorf("begin: %w", fromDriver(err))
	}
	defer db.Rollback() //nolint:errcheck // it wrote nothing
	r := reads{q: dbq.New(db)}
	r.snapshot = func(_ context.Context, fn func(r reads) error) error { return fn(r) }
	return fn(r)
}
