// Package pgtest gives tests a PostgreSQL of their own: one server for a test process, one database for a test. It owns
// the server's life and nothing in the databases. Invariant: it stops the server that it started, and no other.
package pgtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// serverVariable names a server to use in place of one of our own: a DSN of somebody who may create databases.
const serverVariable = "CHANDLER_TEST_POSTGRES"

var (
	start   sync.Once
	adminOf *pgx.ConnConfig
	failed  error
	count   atomic.Int64
)

// New makes an empty database that is dropped when the test ends, and returns its DSN. Without PostgreSQL the test is
// skipped, and where CI=true it fails.
func New(t testing.TB) string {
	t.Helper()
	start.Do(func() { adminOf, failed = server() })
	switch {
	case errors.Is(failed, errNoPostgres) && os.Getenv("CI") != "true":
		t.Skipf("NOT TESTED ON POSTGRESQL: %v; set %s to a server, or install one", failed, serverVariable)
	case failed != nil:
		t.Fatalf("no PostgreSQL: %v", failed)
	}
	name := fmt.Sprintf("chandler_test_%d_%d", os.Getpid(), count.Add(1))
	admin := stdlib.OpenDB(*adminOf)
	t.Cleanup(func() {
		run(t, admin, "DROP DATABASE "+name+" WITH (FORCE)")
		if err := admin.Close(); err != nil {
			t.Error(err)
		}
	})
	run(t, admin, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'")
	return dsn(adminOf, name)
}

func run(t testing.TB, db *sql.DB, statement string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), time.Minute)
	defer cancel()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		t.Errorf("%s: %v", statement, err)
	}
}

// server is the configuration to make databases with.
func server() (*pgx.ConnConfig, error) {
	given := os.Getenv(serverVariable)
	if given == "" {
		var err error
		if given, err = ownServer(); err != nil {
			return nil, err
		}
	}
	c, err := pgx.ParseConfig(given)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", serverVariable, err)
	}
	return c, nil
}

// dsn names a database of the same server, in the form of keywords and values, which takes a folder as host.
func dsn(c *pgx.ConnConfig, database string) string {
	words := []string{"host=" + quote(c.Host), fmt.Sprintf("port=%d", c.Port), "user=" + quote(c.User), "dbname=" + quote(database)}
	if c.Password != "" {
		words = append(words, "password="+quote(c.Password))
	}
	if c.TLSConfig == nil {
		words = append(words, "sslmode=disable")
	}
	return strings.Join(words, " ")
}

func quote(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}
