// Package pgtest gives tests a PostgreSQL of their own: one server for a test process, one database for a test. It owns
// the server's life and nothing in the databases. Invariant: it stops the server that it started, and no other.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// serverVariable names a server to use in place of one of our own: a DSN of somebody who may create databases.
const serverVariable = "CHANDLER_TEST_POSTGRES"

// shared is what the tests of this process share: the server, and databases that are empty again and wait for the next
// test, since to make one takes longer than most tests.
var shared struct {
	start    sync.Once
	admin    *pgx.ConnConfig
	failed   error
	lifeline io.WriteCloser // the supervisor's standard input, open as long as this process lives

	mu   sync.Mutex
	made int
	free []string
}

// New gives a test an empty database and returns its DSN. The test closes its connections before it ends. Without
// PostgreSQL the test is skipped, and where CI=true it fails.
func New(t testing.TB) string {
	t.Helper()
	shared.start.Do(func() { shared.admin, shared.failed = server() })
	switch failed := shared.failed; {
	case errors.Is(failed, errNoPostgres) && os.Getenv("CI") != "true":
		t.Skipf("NOT TESTED ON POSTGRESQL: %v; set %s to a server, or install one", failed, serverVariable)
	case failed != nil:
		t.Fatalf("no PostgreSQL: %v", failed)
	}
	name, err := take(t.Context())
	if err != nil {
		t.Fatalf("make a database: %v", err)
	}
	t.Cleanup(func() {
		if err := giveBack(name); err != nil {
			t.Errorf("empty the database: %v", err)
		}
	})
	return dsn(shared.admin, name)
}

// take gives an empty database, one that was used before if there is any.
func take(ctx context.Context) (string, error) {
	shared.mu.Lock()
	if n := len(shared.free); n > 0 {
		name := shared.free[n-1]
		shared.free = shared.free[:n-1]
		shared.mu.Unlock()
		return name, nil
	}
	shared.made++
	name := fmt.Sprintf("chandler_test_%d_%d", os.Getpid(), shared.made)
	shared.mu.Unlock()
	return name, run(ctx, shared.admin.Database, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'")
}

// giveBack empties a database for the next test; on a server that is not ours it goes.
func giveBack(name string) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // the test's own is over
	defer cancel()
	if os.Getenv(serverVariable) != "" {
		return run(ctx, shared.admin.Database, "DROP DATABASE "+name+" WITH (FORCE)")
	}
	if err := run(ctx, name, "SET lock_timeout = '10s'", "DROP SCHEMA public CASCADE", "CREATE SCHEMA public"); err != nil {
		return err
	}
	shared.mu.Lock()
	defer shared.mu.Unlock()
	shared.free = append(shared.free, name)
	return nil
}

func run(ctx context.Context, database string, statements ...string) error {
	config := shared.admin.Copy()
	config.Database = database
	c, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return err
	}
	defer c.Close(ctx) //nolint:errcheck // what counts is the statement
	for _, s := range statements {
		if _, err := c.Exec(ctx, s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
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
