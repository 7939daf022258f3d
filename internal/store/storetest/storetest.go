// Package storetest is what every database behind the store must do. It owns the cases and no database. Invariant: the
// cases run unchanged on all of them.
package storetest

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/store"
	"github.com/chandler-csp/chandler/internal/store/pgtest"
)

// Database makes a new, empty database and says how to open it; the clock is the suite's.
type Database func(t testing.TB) store.Config

// SQLite is a file in the test's folder.
func SQLite(t testing.TB) store.Config {
	t.Helper()
	return store.Config{Path: filepath.Join(t.TempDir(), "records.db")}
}

// Postgres is a database of the tests' server.
func Postgres(t testing.TB) store.Config {
	t.Helper()
	return store.Config{DSN: pgtest.New(t)}
}

// Run runs all cases, each on a database of its own.
func Run(t *testing.T, db Database) {
	t.Helper()
	for _, group := range []struct {
		name  string
		cases []testCase
	}{
		{"store", storeCases},
		{"journal", journalCases},
		{"customer", customerCases},
		{"reseller", resellerCases},
		{"service", serviceCases},
		{"seller", sellerCases},
		{"rule", ruleCases},
		{"meta", metaCases},
		{"waiver", waiverCases},
		{"run", runCases},
		{"invoice", invoiceCases},
		{"issue", issueCases},
		{"credit", creditCases},
		{"payment", paymentCases},
		{"rendering", renderingCases},
		{"balance", balanceCases},
		{"text", textCases},
	} {
		t.Run(group.name, func(t *testing.T) {
			t.Parallel()
			for _, c := range group.cases {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					e := &env{TB: t, db: db, clock: &clock{at: time.Date(2026, 4, 9, 10, 0, 0, 0, time.UTC)}}
					e.config = e.fresh()
					e.Store = e.open()
					c.run(e)
				})
			}
		})
	}
}

type testCase struct {
	name string
	run  func(e *env)
}

// env is one case's database, opened once; open opens it again, as another process would.
type env struct {
	testing.TB
	*store.Store
	db     Database
	config store.Config
	clock  *clock
}

// fresh makes another empty database.
func (e *env) fresh() store.Config {
	e.Helper()
	c := e.db(e.TB)
	c.Clock = e.clock.now
	return c
}

func (e *env) open() *store.Store {
	e.Helper()
	s, err := store.Open(e.Context(), e.config)
	if err != nil {
		e.Fatal(err)
	}
	e.Cleanup(func() {
		if err := s.Close(); err != nil {
			e.Error(err)
		}
	})
	return s
}

// must ends the case on an error.
func (e *env) must(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

// clock goes a millisecond on each time that it is read, so that what comes later has a later time.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(time.Millisecond)
	return c.at
}
