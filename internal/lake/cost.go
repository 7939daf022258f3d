package lake

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// CostByTag sums usage by one tag's value, service and location, the query that cost views ask, and counts the sums.
func (l *Lake) CostByTag(ctx context.Context, s Snapshot, tag string) (int, error) {
	return countRows(ctx, l.engine.db, costByTag(readParquet(l.files(s, TableUsage), false), readParquet(l.files(s, tableGroup), false), tag))
}

// costByTag is that query over any files of usage and its groups, so that a benchmark can ask it bare. Tags that are no
// JSON have no value.
func costByTag(usage, groups, tag string) string {
	path := `$."` + strings.ReplaceAll(tag, `"`, `\"`) + `"`
	return "SELECT tag, meter_category, location, billing_currency, sum(cost) AS cost FROM (SELECT json_extract_string(CASE WHEN json_valid(tags) THEN tags END, " +
		quote(path) + ") AS tag, resource_location AS location, grp, sum(billing_pretax_total) AS cost FROM " + usage + " GROUP BY ALL) JOIN (SELECT grp, " +
		"meter_category, billing_currency FROM " + groups + ") USING (grp) GROUP BY ALL ORDER BY cost DESC"
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
