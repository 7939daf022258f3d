package lake

import (
	"context"
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// Bulk reading is one DuckDB statement that normalises a whole usage CSV. It takes only what needs no judgement:
// plain numbers, one style of date a column, one invoice a file. Whatever it refuses is read row by row in Go, which
// finds every fault and its place; a test holds the two to the same values.

// bulkKey is the data set that a file's rows will have in bulk, and false when the file has to be read row by row.
func (l *Lake) bulkKey(src *ingest.Source, first ingest.Row) bool {
	if l.cfg.NoBulk || src.Kind != ingest.KindUsage || !src.Direct() || first.Set == "" || strings.Contains(first.Set, "|unbilled|") {
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
func (l *Lake) bulkSelect(src *ingest.Source, set string, blob int) string {
	schema := src.Schema()
	parts := []string{quote(set) + " AS data_set", fmt.Sprintf("%d::INTEGER AS blob", blob), "NULL::BIGINT AS line"}
	invoice := set[strings.IndexByte(set, '|')+1:]
	for i, c := range schema.Columns {
		parts = append(parts, bulkColumn(c, src.Sniff[i], invoice)+" AS "+c.Name)
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
	return fmt.Sprintf(`read_csv(%s, auto_detect = false, header = true, delim = %s, quote = '"', escape = '"', strict_mode = true,
		null_padding = false, nullstr = '', allow_quoted_nulls = true, max_line_size = %d, columns = {%s})`,
		quote(src.Path), quote(string(src.Comma)), ingest.MaxRecord, strings.Join(names, ", "))
}

// bulkColumn is one canonical column as SQL over the file's text. A value that is not as the first rows were is an
// error, which sends the file to the Go path.
func bulkColumn(c ingest.Column, h ingest.ColumnHint, invoice string) string {
	if h.From < 0 {
		return "NULL::" + duckTypes[c.Type]
	}
	x := fmt.Sprintf("c%d", h.From)
	missing := "NULL"
	if c.Required {
		missing = "error('" + c.Name + " is empty')"
	}
	switch c.Type {
	case ingest.Decimal:
		return fmt.Sprintf("CASE WHEN %[1]s IS NULL THEN %[2]s WHEN length(%[1]s) <= 19 OR strpos(%[1]s, '.') > 0 AND length(%[1]s) - strpos(%[1]s, '.') <= 18 "+
			"THEN CAST(%[1]s AS DECIMAL(38,18)) ELSE error('%[3]s is too long') END", x, missing, c.Name)
	case ingest.Date:
		return fmt.Sprintf("CASE WHEN %s IS NULL THEN %s ELSE %s END", x, missing, bulkDate(x, h.Style))
	}
	switch c.Name {
	case "customer_id":
		return "CASE WHEN starts_with(" + x + ", 'org:') THEN error('org:') ELSE lower(" + x + ") END"
	case "reseller_mpn_id":
		return "CASE WHEN " + x + " IN ('0', '-1') THEN NULL ELSE " + x + " END"
	case "sku_id":
		return "CASE WHEN length(" + x + ") < 4 THEN error('sku') ELSE " + x + " END"
	case "invoice_number":
		return "CASE WHEN " + x + " = " + quote(invoice) + " THEN " + x + " ELSE error('another invoice') END"
	case "effective_unit_price":
		return "CASE WHEN " + x + " IS NULL THEN NULL WHEN length(" + x + ") <= 26 AND CAST(" + x + " AS DOUBLE) IS NOT NULL AND " +
			"NOT contains(lower(" + x + "), 'e') THEN " + x + " ELSE error('effective unit price') END"
	case "billing_currency", "pricing_currency":
		return fmt.Sprintf("CASE WHEN %[1]s IS NULL THEN %[2]s WHEN length(%[1]s) = 3 AND upper(%[1]s) = %[1]s THEN %[1]s ELSE error('currency') END", x, missing)
	}
	return x
}

func bulkDate(x string, style ingest.Style) string {
	if style == ingest.StyleUS {
		return "CAST(strptime(" + x + ", '%-m/%-d/%Y') AS DATE)"
	}
	return fmt.Sprintf("CASE WHEN length(%[1]s) = 10 OR %[1]s[11:] IN ('T00:00:00Z', 'T00:00:00') THEN CAST(%[1]s[1:10] AS DATE) ELSE error('date') END", x)
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
