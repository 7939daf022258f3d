package lake

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// bulkColumn is one canonical column as SQL over the file's text. A value that Go would read otherwise than DuckDB is
// an error, which sends the file to the Go path. first is the column's value in the first row.
func bulkColumn(c ingest.Column, h ingest.ColumnHint, first string) string {
	if h.From < 0 {
		return "NULL::" + duckTypes[c.Type]
	}
	x := fmt.Sprintf("c%d", h.From)
	missing := "NULL"
	if c.Required {
		missing = refused(c.Name + " is empty")
	}
	when := func(condition, value string) string {
		return fmt.Sprintf("CASE WHEN %s IS NULL THEN %s WHEN %s THEN %s ELSE %s END", x, missing, condition, value, refused(c.Name))
	}
	switch c.Type {
	case ingest.Decimal:
		return when(bulkNumber(x), "CAST("+x+" AS DECIMAL(38,18))")
	case ingest.Date:
		day := bulkDay(x, h.Style)
		return when(bulkDate(x, day, h.Style), day)
	}
	switch c.Name {
	case "customer_id": // other alphabets have letters whose lower case the two know differently
		return when("strlen("+x+") = length("+x+") AND "+trimmed(x)+" AND NOT starts_with(lower("+x+"), 'org:')", "lower("+x+")")
	case "reseller_mpn_id":
		return when(trimmed(x), "CASE WHEN "+x+" IN ('0', '-1') THEN NULL ELSE "+x+" END")
	case "sku_id":
		return when("strlen("+x+") >= 4 AND "+trimmed(x), x)
	case "invoice_number":
		return "CASE WHEN " + x + " = " + quote(first) + " THEN " + x + " ELSE " + refused("another invoice") + " END"
	case "effective_unit_price":
		return when("regexp_full_match("+x+", '"+pricePattern+"')", x)
	case "billing_currency", "pricing_currency": // mostly one, so that few cells need the pattern
		return when(x+" = "+quote(first)+" OR regexp_full_match("+x+", '[A-Z]{3}')", x)
	}
	return x
}

func refused(what string) string { return "error(" + quote(what) + ")" }

// bulkNumber says whether text that DuckDB takes as a number is plain digits that fit: it also takes exponents, whose
// decimals may be lost, and underscores.
func bulkNumber(x string) string {
	return fmt.Sprintf(`(strlen(%[1]s) <= 19 OR strpos(%[1]s, '.') > 0 AND strlen(%[1]s) - strpos(%[1]s, '.') <= 18)
		AND NOT contains(%[1]s, '_') AND NOT contains(%[1]s, 'e') AND NOT contains(%[1]s, 'E')`, x)
}

// pricePattern is a price that stays as it is written: no needless zeros in front, at most 24 decimals.
const pricePattern = `(-?[1-9][0-9]{0,19}|0)(\.[0-9]{1,24})?|-0\.[0-9]{0,23}[1-9]`

func bulkDay(x string, style ingest.Style) string {
	if style == ingest.StyleUS {
		return "CAST(strptime(" + x + ", '%-m/%-d/%Y') AS DATE)"
	}
	return "CAST(" + x + "[1:10] AS DATE)"
}

// bulkDate says whether the day is what Go reads. DuckDB also takes other separators, words and short years; what it
// takes for ISO and prints alike is ISO. 0001-01-01 stands for nothing.
func bulkDate(x, day string, style ingest.Style) string {
	if style == ingest.StyleUS {
		return day + " >= DATE '1000-01-01'"
	}
	return fmt.Sprintf("(strlen(%[1]s) = 10 OR %[1]s[11:] IN ('T00:00:00Z', 'T00:00:00')) AND CAST(%[2]s AS VARCHAR) = %[1]s[1:10] AND %[2]s >= DATE '0002-01-01'", x, day)
}

// trimmed says that text has nothing around it that Go would take away.
func trimmed(x string) string {
	return x + " = trim(" + x + ", " + quote(ingest.Spaces) + ")"
}
