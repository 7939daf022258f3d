package lake

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

func stageName(table string) string { return "stage_" + table }

// stagingTable holds rows with their data set and file.
func (l *Lake) stagingTable(table string) string {
	return "CREATE OR REPLACE TABLE " + stageName(table) + " (" + stagingColumns(l.layouts[table].columns) + ")"
}

// stagingColumns defines the columns of a staging table; decimals are text until they are written.
func stagingColumns(columns []column) string {
	cols := make([]string, len(columns))
	for i, c := range columns {
		cols[i] = c.name + " " + c.duck
		if strings.HasPrefix(c.duck, "DECIMAL") {
			cols[i] = c.name + " VARCHAR"
		}
	}
	return strings.Join(cols, ", ")
}

// fill puts the rows of the files into a staging table. Faults are gathered; the rows around them do not matter then.
func (im *importing) fill(ctx context.Context, table string, files []*incoming) error {
	conn, err := im.l.engine.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("stage %s: %w", table, err)
	}
	defer conn.Close() //nolint:errcheck // back to the pool
	if _, err := conn.ExecContext(ctx, im.l.stagingTable(table)); err != nil {
		return fmt.Errorf("stage %s: %w", table, err)
	}
	return conn.Raw(func(raw any) error { //nolint:wrapcheck // wrapped within
		to, err := im.openSink(raw.(driver.Conn), table) //nolint:forcetypeassert // it is DuckDB's
		if err != nil {
			return fmt.Errorf("stage %s: %w", table, err)
		}
		for n, f := range files {
			if err := im.append(ctx, to, n, f); err != nil {
				return errors.Join(err, to.close())
			}
		}
		if err := to.close(); err != nil {
			return fmt.Errorf("stage %s: %w", table, err)
		}
		return nil
	})
}

// append adds one file's rows; their blob is the file's ordinal among the table's files until they are written.
func (im *importing) append(ctx context.Context, to *sink, ordinal int, f *incoming) error {
	for row, err := range f.src.Rows(ctx, &f.report) {
		if err != nil {
			if err := im.faults.take(err); err != nil {
				return err
			}
			continue
		}
		if !im.faults.none() {
			continue // only looking for further faults
		}
		if err := to.put(&row, ordinal); err != nil {
			return fmt.Errorf("stage %s line %d: %w", f.src.Name, row.Line, err)
		}
		f.rows++
		if f.rows%20_000 == 0 {
			im.l.cfg.Progress("read "+f.src.Name, f.rows, expected(f.src), "rows")
		}
	}
	im.faults.count(f.report.Faults)
	return nil
}

// expected is how many rows a file may hold by its lines; 0 where they do not tell.
func expected(src *ingest.Source) int64 {
	switch src.Format {
	case ingest.FormatCSV:
		return src.Lines - 1
	case ingest.FormatJSONL:
		return src.Lines
	default:
		return 0
	}
}

// sink takes rows into a table's staging table, and of usage the first row of each group into the groups'.
type sink struct {
	rows, heads *duckdb.Appender // heads: nil but for usage
	usage       *grouper
	cells       []driver.Value
}

func (im *importing) openSink(conn driver.Conn, table string) (*sink, error) {
	rows, err := duckdb.NewAppenderFromConn(conn, "", stageName(table))
	if err != nil || table != ingest.TableUsage {
		return &sink{rows: rows}, err //nolint:wrapcheck // the caller says what for
	}
	heads, err := duckdb.NewAppenderFromConn(conn, "", headTable)
	if err != nil {
		return nil, errors.Join(err, rows.Close())
	}
	return &sink{rows: rows, heads: heads, usage: im.grouper()}, nil
}

func (s *sink) close() error {
	if s.heads == nil {
		return s.rows.Close() //nolint:wrapcheck // the caller says what for
	}
	return errors.Join(s.rows.Close(), s.heads.Close())
}

func (s *sink) put(row *ingest.Row, ordinal int) error {
	s.cells = append(s.cells[:0], row.Set, int32(ordinal), row.Line) //nolint:gosec // maxFiles
	if s.usage == nil {
		for i := range row.Values {
			s.cells = append(s.cells, cellOf(&row.Values[i]))
		}
		return s.rows.AppendRow(s.cells...) //nolint:wrapcheck // the caller says of which row
	}
	g, err := s.usage.group(row)
	if err != nil {
		return err
	}
	for _, i := range s.usage.rows {
		s.cells = append(s.cells, cellOf(&row.Values[i]))
	}
	s.cells = append(s.cells, g.first, g.second)
	if err := s.rows.AppendRow(s.cells...); err != nil || !g.fresh {
		return err //nolint:wrapcheck // the caller says of which row
	}
	return appendHead(s.heads, g.first, row)
}

func cellOf(v *ingest.Value) driver.Value {
	switch v.Type() {
	case ingest.Null:
		return nil
	case ingest.Date:
		return v.Date().Time()
	case ingest.Timestamp:
		return v.Time()
	case ingest.Int:
		return v.Int()
	case ingest.Bool:
		return v.Bool()
	default:
		return v.Text()
	}
}
