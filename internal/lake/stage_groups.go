package lake

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// Usage rows are kept without what repeats in their group. While an import is at work, the groups' first rows stand in
// a staging table, with all columns as files tell them: the groups are made of them, and rows are made whole again.

// headTable holds the first row of every usage group of this import.
const headTable = "stage_usage_head"

func (im *importing) openHeads(ctx context.Context) error {
	cols := slices.Concat([]column{col("grp", "BIGINT")}, prefix, told(ingest.TableUsage))
	if err := im.l.engine.exec(ctx, "CREATE OR REPLACE TABLE "+headTable+" ("+stagingColumns(cols)+")"); err != nil {
		return fmt.Errorf("stage groups: %w", err)
	}
	return nil
}

func (im *importing) closeHeads(ctx context.Context) {
	_ = im.l.engine.exec(context.WithoutCancel(ctx), "DROP TABLE IF EXISTS "+headTable) // only memory is lost
}

// errMixed says that a file is not what bulk reading takes: rows of several data sets, or two groups under one number.
var errMixed = errors.New("not of one data set")

// readHeads reads the first row of each group of a file that was read in bulk.
func (im *importing) readHeads(ctx context.Context, src *ingest.Source, set, rel string) error {
	groups, lines, err := im.firstLines(ctx, set, rel)
	if err != nil {
		return err
	}
	conn, err := im.l.engine.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("stage groups: %w", err)
	}
	defer conn.Close()                    //nolint:errcheck // back to the pool
	return conn.Raw(func(raw any) error { //nolint:wrapcheck // wrapped within
		a, err := duckdb.NewAppenderFromConn(raw.(driver.Conn), "", headTable) //nolint:forcetypeassert // it is DuckDB's
		if err != nil {
			return fmt.Errorf("stage groups: %w", err)
		}
		return errors.Join(appendHeads(ctx, a, src, set, groups, lines), a.Close())
	})
}

func appendHeads(ctx context.Context, a *duckdb.Appender, src *ingest.Source, set string, groups, lines []int64) error {
	n := 0
	for row, err := range src.RowsAt(ctx, lines) {
		switch {
		case err != nil:
			return fmt.Errorf("stage groups: %w", err)
		case row.Set != set:
			return errMixed
		}
		if err := appendHead(a, groups[n], &row); err != nil {
			return fmt.Errorf("stage groups: %w", err)
		}
		n++
	}
	return nil
}

// appendHead adds the first row of a group.
func appendHead(a *duckdb.Appender, group int64, row *ingest.Row) error {
	cells := append(make([]driver.Value, 0, 1+len(prefix)+len(row.Values)), group, row.Set, int32(0), row.Line)
	for i := range row.Values {
		cells = append(cells, cellOf(&row.Values[i]))
	}
	return a.AppendRow(cells...) //nolint:wrapcheck // the caller says what for
}

// firstLines finds the groups of a file that are new in its data set, and the line of each one's first row.
func (im *importing) firstLines(ctx context.Context, set, rel string) (groups, lines []int64, err error) {
	rows, err := im.l.engine.db.QueryContext(ctx, "SELECT grp, min(file_row_number) + 2 AS first_line, min(grp2) <> max(grp2) FROM "+
		readParquet([]string{im.l.path(rel)}, true)+" WHERE grp NOT IN (SELECT grp FROM "+headTable+" WHERE data_set = "+quote(set)+") GROUP BY grp ORDER BY first_line")
	if err != nil {
		return nil, nil, fmt.Errorf("find groups: %w", err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		var grp, line int64
		var mixed bool
		if err := rows.Scan(&grp, &line, &mixed); err != nil {
			return nil, nil, fmt.Errorf("find groups: %w", err)
		}
		if mixed {
			return nil, nil, errMixed
		}
		groups, lines = append(groups, grp), append(lines, line)
	}
	return groups, lines, rows.Err() //nolint:wrapcheck // rarely anything but a cancelled context
}

// freeRow says whether a row costs nothing: covered by a savings plan or reservation, or credited in full (D01).
const freeRow = `coalesce(CAST(credit_percent AS DECIMAL(38,18)) = 100 OR
	(benefit_type IN ('SavingsPlan', 'Reservation') AND CAST(billing_pretax_total AS DECIMAL(38,18)) = 0), false)`

// whole is a query for rows of usage with all that their file told of them.
func whole(rows string) string {
	of := make([]string, 0, len(prefix)+len(usageRow))
	for _, c := range prefix {
		of = append(of, "u."+c.name)
	}
	for _, c := range usageColumns(true) {
		of = append(of, "u."+c.name)
	}
	for _, c := range usageColumns(false) {
		of = append(of, castFrom("h", c)+" AS "+c.name)
	}
	return "SELECT " + strings.Join(of, ", ") + " FROM (" + rows + ") u JOIN " + headTable + " h USING (grp)"
}

func castFrom(table string, c column) string {
	return "CAST(" + table + "." + c.name + " AS " + c.duck + ")"
}

// groups writes the dimension of a usage data set: one row a group, with what follows from its rows.
func (im *importing) groups(ctx context.Context, d DataSet) (DataSet, error) {
	rel, err := im.l.newFile(tableGroup, im.id, im.next())
	if err != nil {
		return DataSet{}, err
	}
	of := make([]string, 0, len(usageRow))
	for _, c := range usageColumns(false) {
		of = append(of, castFrom("h", c)+" AS "+c.name)
	}
	query := "SELECT " + quote(d.Key) + " AS data_set, grp, " + strings.Join(of, ", ") + ", strftime(first_day, '%Y-%m') AS month, " + freeRow +
		" AS free, one.entitlement_id, one.tags, one.benefit_order_id, first_day, last_day FROM " + headTable + ` h JOIN (
		SELECT grp, min(usage_date) AS first_day, max(usage_date) AS last_day,
			CASE WHEN min(entitlement_id) = max(entitlement_id) THEN min(entitlement_id) END AS entitlement_id,
			CASE WHEN min(tags) = max(tags) AND count(tags) = count(*) THEN min(tags) END AS tags,
			CASE WHEN min(benefit_order_id) = max(benefit_order_id) THEN min(benefit_order_id) END AS benefit_order_id
		FROM ` + readParquet(im.l.paths(d.Files), false) + " GROUP BY grp) one USING (grp) WHERE h.data_set = " + quote(d.Key) +
		" ORDER BY customer_id, subscription_id, product_id, sku_id, grp"
	if err := im.l.writeParquet(ctx, tableGroup, query, rel); err != nil {
		return DataSet{}, err
	}
	n, err := im.l.count(ctx, rel)
	if err != nil {
		return DataSet{}, err
	}
	return DataSet{
		Key: tableGroup + strings.TrimPrefix(d.Key, ingest.TableUsage), Table: tableGroup, Hash: d.Hash, Blobs: d.Blobs, Files: []string{rel},
		Rows: n, Period: d.Period, ImportID: im.id,
	}, nil
}
