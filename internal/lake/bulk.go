package lake

import (
	"context"
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// Bulk reading is one DuckDB statement that normalises a whole usage CSV. It takes only what needs no judgement:
// plain numbers, one style of date a column, one invoice a file, a row a line. Whatever it refuses is read row by row
// in Go, which finds every fault and its place; a property test holds the two to the same values.

// bulkKey says whether a file may be tried in bulk: billed usage whose cells SQL can take as they are.
func (l *Lake) bulkKey(src *ingest.Source, first ingest.Row) bool {
	if l.cfg.NoBulk || src.Kind != ingest.KindUsage || !src.Direct() || strings.Contains(first.Set, "|unbilled|") {
		return false
	}
	schema := src.Schema()
	for i, h := range src.Sniff {
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

// bulkSelect is the statement that normalises a usage CSV into the table's columns.
func (l *Lake) bulkSelect(src *ingest.Source, first ingest.Row, blob int) string {
	schema := src.Schema()
	parts := []string{quote(first.Set) + " AS data_set", fmt.Sprintf("%d::INTEGER AS blob", blob), "NULL::BIGINT AS line"}
	for i, c := range schema.Columns {
		parts = append(parts, bulkColumn(c, src.Sniff[i], first.Values[i].Text())+" AS "+c.Name)
	}
	return "SELECT *, " + groupHash("hash") + " AS grp, " + groupHash("hash2") + " AS grp2 FROM (SELECT " +
		strings.Join(parts, ", ") + " FROM " + readCSV(src) + ")"
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

// groupKey is what rows of one usage group share, in SQL over the canonical columns (usage.GroupKey, and what the
// group's money depends on).
const groupKey = `invoice_number, customer_id, subscription_id, product_id, sku_id, availability_id, meter_id,
	year(usage_date) * 12 + month(usage_date), pec_percent, ` + freeRow + `, billing_currency, pricing_currency, fx_rate`

// freeRow says whether a row costs nothing: covered by a savings plan or reservation, or credited in full (D01).
const freeRow = `coalesce(credit_percent = 100 OR (benefit_type IN ('SavingsPlan', 'Reservation') AND billing_pretax_total = 0), false)`

// groupHash is a 63-bit hash of the key. The second is made with a salt: two groups that share one hash would have to
// share the other as well.
func groupHash(which string) string {
	if which == "hash2" {
		return "CAST(hash('chandler', " + groupKey + ") >> 1 AS BIGINT)"
	}
	return "CAST(hash(" + groupKey + ") >> 1 AS BIGINT)"
}

// writeParquet copies a query into a new file of a table.
func (l *Lake) writeParquet(ctx context.Context, table, query, rel string) error {
	lay := l.layouts[table]
	sql := "COPY (SELECT " + lay.names() + " FROM (" + query + ")) TO " + quote(l.path(rel)) + " " + lay.copyOptions()
	if err := l.engine.exec(ctx, sql); err != nil {
		return fmt.Errorf("write %s: %w", table, err)
	}
	return nil
}
