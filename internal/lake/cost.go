package lake

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// CostByTag sums usage by one tag's value, service and location: the query that cost views ask.
func (l *Lake) CostByTag(ctx context.Context, s Snapshot, tag string) (int, error) {
	return countRows(ctx, l.engine.db, CostByTagSQL(readParquet(l.files(s, TableUsage), false), tag))
}

// CostByTagSQL is the same over any table of usage, so that a benchmark can run it bare. Tags that are no JSON have no
// value.
func CostByTagSQL(table, tag string) string {
	path := `$."` + strings.ReplaceAll(tag, `"`, `\"`) + `"`
	return "SELECT TRY(json_extract_string(tags, " + quote(path) + ")) AS tag, meter_category, resource_location, billing_currency, " +
		"sum(billing_pretax_total) AS cost FROM " + table + " GROUP BY ALL ORDER BY cost DESC"
}

func countRows(ctx context.Context, db *sql.DB, query string) (int, error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return 0, fmt.Errorf("query the lake: %w", err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	n := 0
	for rows.Next() {
		n++
	}
	return n, rows.Err() //nolint:wrapcheck // rarely anything but a cancelled context
}
