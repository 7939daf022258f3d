package lake

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2"
)

// engine runs bulk SQL. It is DuckDB inside the process; what other packages see of it are rows.
type engine struct {
	db        *sql.DB
	connector *duckdb.Connector
}

// openEngine starts DuckDB in memory, bounded in memory and threads, spilling below dir and never touching a network.
func openEngine(dir, memory string, threads int) (*engine, error) {
	settings := []string{
		"SET memory_limit = " + quote(memory), fmt.Sprintf("SET threads = %d", threads),
		"SET temp_directory = " + quote(dir), "SET TimeZone = 'UTC'",
		"SET autoinstall_known_extensions = false", "SET autoload_known_extensions = false",
		"SET preserve_insertion_order = true", "SET parquet_metadata_cache = true", // files are never written again under one name
		"SET enable_progress_bar = false",
	}
	c, err := duckdb.NewConnector("", func(conn driver.ExecerContext) error {
		for _, s := range settings {
			if _, err := conn.ExecContext(context.Background(), s, nil); err != nil { //nolint:forbidigo // DuckDB's hook has no context
				return fmt.Errorf("%s: %w", s, err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("start the query engine: %w", err)
	}
	return &engine{db: sql.OpenDB(c), connector: c}, nil
}

func (e *engine) close() error {
	err := e.db.Close()
	if cerr := e.connector.Close(); err == nil {
		err = cerr
	}
	return err //nolint:wrapcheck // closing adds nothing to say
}

// exec runs a statement without rows.
func (e *engine) exec(ctx context.Context, query string) error {
	_, err := e.db.ExecContext(ctx, query)
	return err //nolint:wrapcheck // callers say what they did
}

// quote makes a SQL text literal.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// quotePath makes a path a text literal that stands for that one file, whatever is in its name: DuckDB's readers take
// paths as patterns.
func quotePath(path string) string {
	return quote(strings.NewReplacer("[", "[[]", "*", "[*]", "?", "[?]").Replace(path))
}

// quoteList makes a list of SQL text literals.
func quoteList(list []string) string {
	quoted := make([]string, len(list))
	for i, s := range list {
		quoted[i] = quote(s)
	}
	return strings.Join(quoted, ", ")
}

// readParquet is the table function over files; row numbers are asked for where evidence needs them.
func readParquet(files []string, rowNumbers bool) string {
	extra := ""
	if rowNumbers {
		extra = ", file_row_number = true"
	}
	quoted := make([]string, len(files))
	for i, f := range files {
		quoted[i] = quotePath(f)
	}
	return "read_parquet([" + strings.Join(quoted, ", ") + "]" + extra + ")"
}
