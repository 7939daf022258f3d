package lake

import (
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// bulkColumn is one canonical column as SQL over the file's text. A value that Go would read otherwise than DuckDB is
// an error, which sends the file to the Go path.
func bulkColumn(c ingest.Column, h ingest.ColumnHint) string {
	if h.From < 0 {
		return "NULL::" + duckTypes[c.Type]
	}
	x := fmt.Sprintf("c%d", h.From)
	missing := "NULL"
	if c.Required {
		missing = refused(c.Name + " is empty")
	}
	when := func(cases string) string {
		return fmt.Sprintf("CASE WHEN %s IS NULL THEN %s%s ELSE %s END", x, missing, cases, refused(c.Name))
	}
	switch {
	case c.Type == ingest.Decimal:
		return when(bulkNumber(x))
	case c.Type == ingest.Date:
		return when(bulkDate(x, h.Style))
	case c.Name == "effective_unit_price":
		return when(" WHEN regexp_full_match(" + x + ", '" + pricePattern + "') THEN " + x)
	}
	return x
}

func refused(what string) string { return "error(" + quote(what) + ")" }

// narrow are the decimals of the numbers that fit into 64 bits: DuckDB reads text into those several times faster than
// into 128, and widening costs next to nothing. The first that holds a number takes it.
var narrow = []int{9, 15, 12}

// bulkNumber takes plain digits that fit. DuckDB's own reading would also take exponents, whose decimals may be lost,
// and underscores; and it would round what has too many decimals.
func bulkNumber(x string) string {
	var b strings.Builder
	for _, decimals := range narrow {
		fmt.Fprintf(&b, ` WHEN regexp_full_match(%[1]s, '-?[0-9]{1,%[2]d}(\.[0-9]{1,%[3]d})?') THEN CAST(CAST(%[1]s AS DECIMAL(18,%[3]d)) AS DECIMAL(38,18))`,
			x, 18-decimals, decimals)
	}
	fmt.Fprintf(&b, ` WHEN regexp_full_match(%[1]s, '-?[0-9]{1,19}(\.[0-9]{1,18})?') THEN CAST(%[1]s AS DECIMAL(38,18))`, x)
	return b.String()
}

// pricePattern is a price that stays as it is written: no needless zeros in front, at most 24 decimals.
const pricePattern = `(-?[1-9][0-9]{0,19}|0)(\.[0-9]{1,24})?|-0\.[0-9]{0,23}[1-9]`

// bulkDate takes days that DuckDB and Go read alike. DuckDB also takes other separators, words and short years.
func bulkDate(x string, style ingest.Style) string {
	if style == ingest.StyleUS {
		day := "CAST(strptime(" + x + ", '%-m/%-d/%Y') AS DATE)"
		return " WHEN " + day + " >= DATE '1000-01-01' THEN " + day
	}
	return fmt.Sprintf(" WHEN regexp_full_match(%[1]s, '[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}(T00:00:00Z?)?') THEN CAST(%[1]s[1:10] AS DATE)", x)
}
