package lake

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"
	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/csp/dataset"
)

// noJournal keeps nothing: the tests here stage files and look at what was staged.
type noJournal struct{ dataset.Journal }

func (noJournal) OpenIntents(context.Context) ([]Intent, error)      { return nil, nil }
func (noJournal) CurrentDataSets(context.Context) ([]DataSet, error) { return nil, nil }
func (noJournal) Abort(context.Context, string) error                { return nil }

// pair is one lake that reads in bulk and one that never does.
type pair struct {
	dir       string
	fast, row *Lake
	bulk      int // files that were read in bulk
}

func openPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{dir: t.TempDir()}
	for _, noBulk := range []bool{false, true} {
		db, err := sql.Open("sqlite", "file:"+filepath.Join(p.dir, fmt.Sprint(noBulk))+".db")
		if err != nil {
			t.Fatal(err)
		}
		l, err := Open(t.Context(), Config{
			Dir: filepath.Join(p.dir, fmt.Sprint(noBulk)), Records: db, Dialect: "sqlite", Journal: noJournal{},
			Clock: time.Now, NoBulk: noBulk,
		})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _, _ = l.Close(), db.Close() })
		if noBulk {
			p.row = l
		} else {
			p.fast = l
		}
	}
	return p
}

// read stages one file and lists its rows, or what is wrong with it.
func read(t *testing.T, l *Lake, path string) (rows []string, bulk bool) {
	t.Helper()
	im := &importing{l: l, id: id.New("imp", time.Now())}
	defer func() {
		if err := l.discard(t.Context(), im.id); err != nil {
			t.Fatal(err)
		}
	}()
	err := im.open(t.Context(), []string{path})
	var sets map[string]*staged
	if err == nil {
		sets, err = im.stageSets(t.Context())
	}
	if err != nil {
		return []string{err.Error()}, false
	}
	for _, key := range slices.Sorted(maps.Keys(sets)) {
		d := sets[key].dataSet(im.id)
		rows = append(append(rows, fmt.Sprint(d.Key, d.Hash, d.Blobs)), dump(t, l, d)...)
	}
	return rows, im.files[0].bulk
}

func dump(t *testing.T, l *Lake, d DataSet) []string {
	t.Helper()
	var cols []string
	for _, c := range append(slices.Clone(prefix), told(d.Table)...) {
		cols = append(cols, quote(c.name+"=")+", coalesce(CAST("+c.name+" AS VARCHAR), '∅')")
	}
	rows := "SELECT * REPLACE (coalesce(line, file_row_number + 2) AS line) FROM " + readParquet(l.paths(d.Files), true)
	if d.Table == TableUsage {
		rows = whole(rows)
	}
	found, err := l.engine.db.QueryContext(t.Context(), "SELECT concat_ws(' ', "+strings.Join(cols, ", ")+") FROM ("+rows+") ORDER BY blob, line")
	if err != nil {
		t.Fatal(err)
	}
	defer found.Close() //nolint:errcheck // read to its end
	var list []string
	for found.Next() {
		var s string
		if err := found.Scan(&s); err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// same fails unless both lakes say the same of a file.
func (p *pair) same(t *testing.T, content string) bool {
	t.Helper()
	path := filepath.Join(p.dir, "usage.csv")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	fast, bulk := read(t, p.fast, path)
	row, _ := read(t, p.row, path)
	if !slices.Equal(fast, row) {
		t.Errorf("in bulk (%v):\n%s\nrow by row:\n%s\nof:\n%s", bulk, tail(fast), tail(row), tail(strings.SplitAfter(content, "\n")))
		return false
	}
	if bulk {
		p.bulk++
	}
	return true
}

func tail(list []string) string { return strings.Join(list[max(0, len(list)-3):], "\n") }

// usageCells is a row of the columns that SQL normalises in its own way, and some that it takes as they are.
var usageCells = []struct{ name, good string }{
	{"CustomerId", "257A55C1-5e51-43a0-a2d1-9a33b520fc43"},
	{"Tier2MpnId", "6048879"},
	{"InvoiceNumber", "G1"},
	{"ProductId", "DZH318Z0D2V3"},
	{"SkuId", "006G"},
	{"SubscriptionId", "7f8ee1ab"},
	{"ChargeStartDate", "2026-03-01"},
	{"UsageDate", "2026-03-02"},
	{"MeterId", "m1"},
	{"UnitPrice", "0.52"},
	{"Quantity", "24.5"},
	{"BillingPreTaxTotal", "10.829"},
	{"BillingCurrency", "EUR"},
	{"PricingCurrency", "USD"},
	{"EffectiveUnitPrice", "0.4420000000000000000001"},
	{"PartnerEarnedCreditPercentage", "15"},
	{"Tags", `{"env":"prod"}`},
	{"ResourceURI", "/a"},
	{"CreditPercentage", "0"},
	{"PCToBCExchangeRate", "0.842386466"},
}

var odd = map[string][]string{
	"number": {
		"", "0", "-0", "-0.00", "1", "+3", ".5", "5.", "-.5", ".", "-", "+", "007", "1e3", "1E-7", "1e-20", "1.5e300", "1_000", "0x10", "0b1", "1,234",
		"1,234.5", "0,5", "1.234,5", "-1.25", "12345678901234567890", "123456789012345678901", "1234567890123456789", "12345678901234567890.123456789012345678",
		"0.123456789012345678", "0.1234567890123456789", "0.0000000000000000005", "1.0000000000000000000000", "9999999999999999999", "NaN", "Infinity", "inf", " 12 ", "\t12",
		"\u00a012", "1 000", "--1", "1.2.3", "1e", "e1", "١٢", "NULL", "$5", "15%", "true", "12\u200b",
	},
	"price": {
		"", "0", "-0", "-0.0", "-0.5", "-0.50", "0.50", "00.5", "007", ".5", "5.", "+0.5", "1e-5", "0,5", "1,234", " 0.5", "0.1999968000511991808131", "nan",
		"0.123456789012345678901234", "0.1234567890123456789012345", "-0.123456789012345678901234", "12345678901234567890.1", "123456789012345678901",
	},
	"day": {
		"", "2026-03-02", "2026-03-02T00:00:00Z", "2026-03-02T00:00:00", "2026-03-02T12:30:00Z", "2026-03-02T23:30:00-08:00", "2026-03-02 00:00:00",
		"2026/03/02", "2026 03 02", "2026-3-2", "2026-3-002", "2026-02-30", "2024-02-29", "0001-01-01", "0001-01-01T00:00:00", "0000-01-01", "0999-01-01",
		"1753-01-01", "9999-12-31", "infinity", "infinity  ", "epoch", "-infinity", "20260302", "2026-03-0x", "2026-03-2 ", " 2026-03-02", "2026-03-02 ",
		"3/2/2026", "03/02/2026", "3/2/26", "3/2/026", "13/2/2026", "3/2/2026 12:00:00 AM", "3/2/2026 11:30 PM", "1/1/0001", "02.03.2026", "46112",
	},
	"customer": {"", "org:257A55C1", "ORG:257a55c1", "org:", "abc", "ABC", " abc", "abc\t", "\u00a0abc", "İSTANBUL", "ÄÖÜ", "ſ", "a:b", "a b"},
	"reseller": {"", "0", "-1", " 0", "0 ", "-1\t", "00", "1", "0.0"},
	"sku":      {"", "1", "12", "123", "1234", "12345", "A", "AB", " 001", "001 ", "ÄÖ", "0000"},
	"invoice":  {"", "G1", "g1", "G2", " G1", "G1 "},
	"currency": {"", "EUR", "eur", "Eur", "EU", "EURO", "E1R", "ÄÖÜ", " EUR", "EUR ", "123", "€", "USD"},
	"text": {
		"", " ", "a\"b", "\"", "\"\"", "a,b", "a;b", "a\nb", "a\r\nb", "a\rb", "\n", "\r", "\ta", "é", "日本", "NULL", "null", "a\\nb", "\\", "'", "''",
		"\x00", "a\x00b", "\ufeff", strings.Repeat("x", 3000), "\xff", "#", "\u2028", "ſ",
	},
}

// kinds says which odd cells a column is tried with.
func oddOf(column string) []string {
	switch column {
	case "CustomerId":
		return odd["customer"]
	case "Tier2MpnId":
		return odd["reseller"]
	case "InvoiceNumber":
		return odd["invoice"]
	case "SkuId":
		return odd["sku"]
	case "UsageDate":
		return odd["day"]
	case "ChargeStartDate":
		return odd["day"][:8]
	case "Quantity":
		return odd["number"]
	case "UnitPrice", "BillingPreTaxTotal", "PartnerEarnedCreditPercentage", "CreditPercentage", "PCToBCExchangeRate":
		return odd["number"][:8] // the same SQL as for a quantity
	case "EffectiveUnitPrice":
		return odd["price"]
	case "BillingCurrency", "PricingCurrency":
		return odd["currency"]
	case "Tags":
		return odd["text"]
	default:
		return odd["text"][:6]
	}
}

func cell(s string, quoted bool) string {
	if quoted || strings.ContainsAny(s, "\",;\r\n\t") {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

// Every odd cell, alone in a file of good ones, is the same value or the same fault in SQL and in Go: behind the rows
// that tell the styles, where only SQL can refuse it, and as the first row.
func TestBulkReadsOddCellsAsGoDoes(t *testing.T) {
	t.Parallel()
	p := openPair(t)
	var header, good []string
	for _, c := range usageCells {
		header, good = append(header, c.name), append(good, cell(c.good, false))
	}
	for i, c := range usageCells {
		for _, x := range oddOf(c.name) {
			row := slices.Clone(good)
			row[i] = cell(x, false)
			before := strings.Repeat(strings.Join(good, ",")+"\n", 101)
			p.same(t, strings.Join(header, ",")+"\n"+before+strings.Join(row, ",")+"\n")
			if c.name == "UsageDate" || c.name == "Quantity" || c.name == "InvoiceNumber" {
				row[i] = cell(x, true)
				p.same(t, strings.Join(header, ",")+"\n"+strings.Join(row, ","))
			}
		}
	}
	if p.bulk < 100 {
		t.Errorf("only %d files were read in bulk: the test compares Go with itself", p.bulk)
	}
	t.Logf("%d files in bulk", p.bulk)
}

// Files as a whole: ends of lines, blank lines, missing cells, separators, packing.
func TestBulkReadsOddFilesAsGoDoes(t *testing.T) {
	t.Parallel()
	p := openPair(t)
	var names, cells []string
	for _, c := range usageCells {
		names, cells = append(names, c.name), append(cells, cell(c.good, false))
	}
	header, row := strings.Join(names, ","), strings.Join(cells, ",")
	gz := func(s string) string {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		_, _ = z.Write([]byte(s))
		_ = z.Close()
		return b.String()
	}
	semicolons := strings.ReplaceAll(strings.ReplaceAll(header, ",", ";")+"\n"+strings.ReplaceAll(row, ",", ";")+"\n", `\"`, `"`)
	for name, content := range map[string]string{
		"LF": header + "\n" + row + "\n" + row + "\n", "CRLF": header + "\r\n" + row + "\r\n" + row + "\r\n", "mixed ends": header + "\n" + row + "\r\n" + row + "\n",
		"no final end": header + "\n" + row, "CR alone": header + "\r" + row + "\r", "a byte order mark": "\ufeff" + header + "\n" + row + "\n",
		"blank lines": header + "\n\n" + row + "\n\n\n" + row + "\n", "a blank line first": "\n" + header + "\n" + row + "\n", "blank lines last": header + "\n" + row + "\n\n\n",
		"lines of spaces": header + "\n" + row + "\n   \n", "a cell more": header + "\n" + row + ",x\n", "an empty cell more": header + "\n" + row + ",\n",
		"a cell less": header + "\n" + row + "\n" + row[:strings.LastIndex(row, ",")] + "\n", "an empty column": header + ",\n" + row + ",\n",
		"an unknown column": header + ",New\n" + row + ",\"a\nb\"\n", "semicolons": semicolons, "tabs": strings.ReplaceAll(semicolons, ";", "\t"),
		"gzip": gz(header + "\n" + row + "\n"), "cut gzip": gz(header + "\n" + strings.Repeat(row+"\n", 9))[:60], "spaces around quotes": header + "\n" + strings.Replace(row, "EUR", ` "EUR"`, 1) + "\n",
		"text behind a quote": header + "\n" + strings.Replace(row, "EUR", `"EUR"x`, 1) + "\n", "an open quote": header + "\n" + strings.Replace(row, "EUR", `"EUR`, 1) + "\n",
		"a header with a line end": strings.Replace(header, "MeterId", "\"Meter\nId\"", 1) + "\n" + row + "\n", "the header again": header + "\n" + row + "\n" + header + "\n",
		"a quoted header": `"` + strings.ReplaceAll(header, ",", `","`) + "\"\n" + row + "\n", "a lower case header": strings.ToLower(header) + "\n" + row + "\n",
		"two spellings of a column": header + ",ResellerMPNID\n" + row + ",\n", "only a header": header + "\n", "a comment": header + "\n#" + row + "\n",
	} {
		if !p.same(t, content) {
			t.Error("that was:", name)
		}
	}
	if p.bulk < 8 {
		t.Errorf("only %d files were read in bulk", p.bulk)
	}
}

// Random files of random columns, styles and rows read alike.
func TestBulkReadsRandomFilesAsGoDoes(t *testing.T) {
	t.Parallel()
	p := openPair(t)
	rapid.Check(t, func(rt *rapid.T) {
		if !p.same(t, drawUsageFile(rt)) {
			rt.Fatal("see above")
		}
	})
	if p.bulk == 0 {
		t.Error("no file was read in bulk")
	}
}

func drawUsageFile(t *rapid.T) string {
	columns := slices.Clone(usageCells)
	for i := range columns { // any order
		j := rapid.IntRange(i, len(columns)-1).Draw(t, "order")
		columns[i], columns[j] = columns[j], columns[i]
	}
	comma := rapid.SampledFrom([]string{",", ",", ";", "\t"}).Draw(t, "comma")
	end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "end")
	layout := rapid.SampledFrom([]string{time.DateOnly, "2006-01-02T15:04:05Z", "1/2/2006", "01/02/2006", "1/2/2006 3:04:05 PM"}).Draw(t, "dates")
	faults := rapid.IntRange(0, 1).Draw(t, "odd cells")
	rows := rapid.IntRange(1, 8).Draw(t, "rows")
	bad := rapid.IntRange(0, rows*len(columns)-1).Draw(t, "where")
	var b strings.Builder
	b.WriteString(rapid.SampledFrom([]string{"", "\ufeff"}).Draw(t, "mark"))
	for r := range rows + 1 {
		for i, c := range columns {
			if i > 0 {
				b.WriteString(comma)
			}
			switch {
			case r == 0:
				b.WriteString(c.name)
			case faults == 1 && (r-1)*len(columns)+i == bad:
				b.WriteString(cell(rapid.SampledFrom(oddOf(c.name)).Draw(t, "odd"), false))
			default:
				b.WriteString(cell(drawUsageCell(t, c.name, c.good, layout), rapid.Bool().Draw(t, "quoted")))
			}
		}
		b.WriteString(end)
	}
	return b.String()
}

func drawUsageCell(t *rapid.T, name, good, layout string) string {
	switch {
	case strings.HasSuffix(name, "Date"):
		return time.Unix(86400*rapid.Int64Range(10000, 30000).Draw(t, name), 0).UTC().Format(layout)
	case name == "EffectiveUnitPrice":
		return rapid.StringMatching(`-?(0|[1-9][0-9]{0,6})\.[0-9]{1,22}[1-9]`).Draw(t, name)
	case &oddOf(name)[0] == &odd["number"][0]: // a column of numbers
		return rapid.StringMatching(`-?(0|[1-9][0-9]{0,9})(\.[0-9]{1,18})?`).Draw(t, name)
	case name == "CustomerId":
		return rapid.StringMatching(`[0-9a-fA-F]{8}-[0-9a-f]{4}`).Draw(t, name)
	case name == "Tags" || name == "ResourceURI" || name == "MeterId":
		return rapid.StringMatching(`[a-zA-Zäł€"{}:,;\\/ ]{0,12}`).Draw(t, name)
	default:
		return good
	}
}
