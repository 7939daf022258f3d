package lake

import (
	"context"
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// Bulk reading is one DuckDB statement that takes the rows out of a usage CSV: their days, quantities and money, and
// for everything that repeats from row to row the number of their group. What a group is, is read in Go from its first
// row. The statement takes only what needs no judgement: plain numbers, one style of date a column, a row a line.
// Whatever it refuses is read row by row in Go, which finds every fault and its place; a property test holds the two to
// the same values.

// bulkKey says whether a file may be tried in bulk: billed usage whose cells SQL can take as they are.
func (l *Lake) bulkKey(src *ingest.Source, first ingest.Row) bool {
	if l.cfg.NoBulk || src.Kind != ingest.KindUsage || !src.Direct() || strings.Contains(first.Set, "|unbilled|") {
		return false
	}
	schema := src.Schema()
	for i, h := range src.Sniff {
		if !usageRow[schema.Columns[i].Name] {
			continue
		}
		switch schema.Columns[i].Type {
		case ingest.Decimal:
			if h.Style == ingest.StyleComma || h.Style == ingest.StyleMixed {
				return false
			}
		case ingest.Date, ingest.Timestamp:
			if h.Style == ingest.StyleMixed {
				return false
			}
		default:
		}
	}
	return true
}

// bulkSelect is the statement that makes a usage CSV the table's rows.
func (l *Lake) bulkSelect(src *ingest.Source, set string, blob int) string {
	rows := []string{quote(set) + " AS data_set", fmt.Sprintf("%d::INTEGER AS blob", blob), "NULL::BIGINT AS line"}
	cells := []string{quote(set)}
	checks := []string{"'chandler'"}
	benefit := "NULL"
	for i, c := range src.Schema().Columns {
		h := src.Sniff[i]
		switch {
		case usageRow[c.Name]:
			rows = append(rows, bulkColumn(c, h)+" AS "+c.Name)
		case h.From >= 0:
			x := fmt.Sprintf("c%d", h.From)
			cells = append(cells, x)
			if identity[c.Name] {
				checks = append(checks, x)
			}
			if c.Name == "benefit_type" {
				benefit = x
			}
		}
	}
	// A row that costs nothing is in another group than one that does, but only where something may cover it (D01).
	cells = append(cells, monthNumber, "CASE WHEN "+benefit+" IS NOT NULL THEN billing_pretax_total = 0 END")
	return "SELECT *, " + number(cells) + " AS grp, " + number(checks) + " AS grp2 FROM (SELECT *, " + strings.Join(rows, ", ") + " FROM " + readCSV(src) + ")"
}

// identity are the columns that a group's second number is made of: who used which meter.
var identity = map[string]bool{
	"customer_id": true, "subscription_id": true, "product_id": true, "sku_id": true, "availability_id": true, "meter_id": true,
}

// monthNumber counts calendar months, which groups never span.
const monthNumber = "year(usage_date) * 12 + month(usage_date)"

// number is a 63-bit hash of cells. Groups have two, made of different cells: two groups that share one number would
// have to share the other as well, which is looked for.
func number(cells []string) string {
	return "CAST(hash(" + strings.Join(cells, ", ") + ") >> 1 AS BIGINT)"
}

// readCSV names every cell by its position, as text.
func readCSV(src *ingest.Source) string {
	names := make([]string, len(src.Header))
	for i := range src.Header {
		names[i] = fmt.Sprintf("'c%d': 'VARCHAR'", i)
	}
	packing := "none"
	if src.Gzip() {
		packing = "gzip"
	}
	return fmt.Sprintf(`read_csv(%s, auto_detect = false, header = true, delim = %s, quote = '"', escape = '"', strict_mode = true,
		null_padding = false, nullstr = '', allow_quoted_nulls = true, max_line_size = %d, compression = '%s', columns = {%s})`,
		quotePath(src.Path), quote(string(src.Comma)), ingest.MaxRecord, packing, strings.Join(names, ", "))
}

// writeParquet copies a query into a new file of a table.
func (l *Lake) writeParquet(ctx context.Context, table, query, rel string) error {
	if err := l.engine.exec(ctx, l.copyStatement(table, query, rel)); err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	return nil
}

func (l *Lake) copyStatement(table, query, rel string) string {
	lay := l.layouts[table]
	return "COPY (SELECT " + lay.names() + " FROM (" + query + ")) TO " + quote(l.path(rel)) + " " + lay.copyOptions()
}
