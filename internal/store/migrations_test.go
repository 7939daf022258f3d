package store_test

import (
	"crypto/sha256"
	"database/sql"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chandler-csp/chandler/internal/store"
	"github.com/chandler-csp/chandler/internal/store/storetest"
)

var update = flag.Bool("update", false, "write golden files")

func golden(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), text); diff != "" {
		t.Errorf("%s differs; run the test with -update and look at the change (-want +got):\n%s", path, diff)
	}
}

// A released migration is never edited: databases that have it would not get the change. Only lines of new files may be
// added to the golden file once a version is out.
func TestReleasedMigrationsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	var sums strings.Builder
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(text), filepath.ToSlash(f))
	}
	golden(t, "migrations.sha256", sums.String())
}

func TestSchemaOfSQLite(t *testing.T) {
	t.Parallel()
	golden(t, "schema.sqlite", dump(t, storetest.SQLite(t),
		`SELECT type || ' ' || name, COALESCE(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY tbl_name, type DESC, name`))
}

// The parts of PostgreSQL's dump: columns, constraints, and the indexes that no constraint made.
const (
	columns = `SELECT 'column ' || table_name || '.' || column_name, data_type || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
		|| COALESCE(' default ' || column_default, '') || COALESCE(' identity ' || identity_generation, '')
		FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position`
	constraints = `SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
		FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1`
	indexes = `SELECT 'index ' || tablename || '.' || indexname, indexdef FROM pg_indexes
		WHERE schemaname = 'public' AND indexname NOT IN (SELECT conname FROM pg_constraint) ORDER BY 1`
)

func TestSchemaOfPostgres(t *testing.T) {
	t.Parallel()
	golden(t, "schema.postgres", dump(t, storetest.Postgres(t), columns, constraints, indexes))
}

// dump lists the schema of a new database.
func dump(t *testing.T, c store.Config, queries ...string) string {
	t.Helper()
	c.Clock = func() time.Time { return time.Date(2026, 4, 9, 0, 0, 0, 0, time.UTC) }
	s, err := store.Open(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() //nolint:errcheck // read only
	var text strings.Builder
	for _, q := range queries {
		list(t, s.SQL(), q, &text)
	}
	return text.String()
}

func list(t *testing.T, db *sql.DB, query string, to *strings.Builder) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close() //nolint:errcheck // Err tells
	for rows.Next() {
		var name, what string
		if err := rows.Scan(&name, &what); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(to, "%s: %s\n", name, what)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}
