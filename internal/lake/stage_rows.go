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

// stagingTable holds rows with their data set and file; decimals are text until they are written.
func (l *Lake) stagingTable(table string) string {
	var cols []string
	for _, c := range l.layouts[table].columns {
		switch {
		case c.name == "grp" || c.name == "grp2":
		case strings.HasPrefix(c.duck, "DECIMAL"):
			cols = append(cols, c.name+" VARCHAR")
		default:
			cols = append(cols, c.name+" "+c.duck)
		}
	}
	return "CREATE OR REPLACE TABLE " + stageName(table) + " (" + strings.Join(cols, ", ") + ")"
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
		a, err := duckdb.NewAppenderFromConn(raw.(driver.Conn), "", stageName(table)) //nolint:forcetypeassert // it is DuckDB's
		if err != nil {
			return fmt.Errorf("stage %s: %w", table, err)
		}
		for n, f := range files {
			if err := im.append(ctx, a, n, f); err != nil {
				return errors.Join(err, a.Close())
			}
		}
		if err := a.Close(); err != nil {
			return fmt.Errorf("stage %s: %w", table, err)
		}
		return nil
	})
}

// append adds one file's rows; their blob is the file's ordinal among the table's files until they are written.
func (im *importing) append(ctx context.Context, a *duckdb.Appender, ordinal int, f *incoming) error {
	cells := make([]driver.Value, len(prefix)+len(f.src.Schema().Columns))
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
		cells[0], cells[1], cells[2] = row.Set, int32(ordinal), row.Line //nolint:gosec // maxFiles
		for i := range row.Values {
			cells[len(prefix)+i] = cellOf(&row.Values[i])
		}
		if err := a.AppendRow(cells...); err != nil {
			return fmt.Errorf("stage %s line %d: %w", f.src.Name, row.Line, err)
		}
		f.rows++
		if f.rows%50_000 == 0 {
			im.l.cfg.Progress("read "+f.src.Name, f.rows, 0, "rows")
		}
	}
	im.faults.count(f.report.Faults)
	return nil
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
