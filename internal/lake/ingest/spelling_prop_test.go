package ingest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// style is one way in which files write the same row.
type style struct {
	name   string
	header func(c Column) string // "" leaves the column to another spelling
	number func(s string) string
	day    func(d time.Time) string
	file   func(header, cells []string, types []Type) string
}

func portalName(c Column) string { return spelling(c) }

func camelName(c Column) string { s := spelling(c); return strings.ToLower(s[:1]) + s[1:] }

func csvFile(comma string, end string) func(header, cells []string, _ []Type) string {
	quoted := func(list []string) string {
		out := make([]string, len(list))
		for i, s := range list {
			out[i] = s
			if strings.ContainsAny(s, "\"\r\n,;\t") {
				out[i] = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
			}
		}
		return strings.Join(out, comma)
	}
	return func(header, cells []string, _ []Type) string { return quoted(header) + end + quoted(cells) + end }
}

func jsonObject(header, cells []string, types []Type) string {
	members := make([]string, len(header))
	for i, h := range header {
		value, _ := json.Marshal(cells[i])
		if types[i] == Decimal && cells[i] != "" {
			value = []byte(cells[i])
		}
		members[i] = fmt.Sprintf("%q: %s", h, value)
	}
	return "{" + strings.Join(members, ", ") + "}"
}

func same(s string) string { return s }

var styles = []style{
	{"portal", portalName, same, func(d time.Time) string { return d.Format("2006-01-02T00:00:00Z") }, csvFile(",", "\r\n")},
	{"portal in US style", portalName, func(s string) string { return thousands(s) }, func(d time.Time) string { return d.Format("1/2/2006") }, csvFile(",", "\n")},
	{"portal in German style", portalName, func(s string) string { return commaDecimals(s) }, func(d time.Time) string { return d.Format(time.DateOnly) }, csvFile(";", "\n")},
	{"graph", portalName, same, func(d time.Time) string { return d.Format("2006-01-02T00:00:00Z") }, func(h, c []string, t []Type) string { return jsonObject(h, c, t) + "\n" }},
	{
		"v1", camelName, same, func(d time.Time) string { return d.Format("2006-01-02T00:00:00.0000000") },
		func(h, c []string, t []Type) string {
			return "{\"totalCount\": 1,\n\"items\": [\n" + jsonObject(h, c, t) + "]}"
		},
	},
}

// thousands writes 1234.5 as 1,234.5.
func thousands(s string) string {
	whole, frac, ok := strings.Cut(s, ".")
	if !ok {
		return s
	}
	digits := strings.TrimPrefix(whole, "-")
	return whole[:len(whole)-len(digits)] + group(digits, ",") + "." + frac
}

// commaDecimals writes 0.5 as 0,5, and with three decimals as 0,5000, which is not ambiguous.
func commaDecimals(s string) string {
	_, frac, ok := strings.Cut(s, ".")
	if ok && len(frac) == 3 {
		s += "0"
	}
	return strings.Replace(s, ".", ",", 1)
}

// A random row reads the same from every spelling it is written in.
func TestEverySpellingOfARowReadsTheSame(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, kind := range []Kind{KindUsage, KindRecon} {
		rapid.Check(t, func(rt *rapid.T) {
			schema := SchemaOf(kind)
			values := make(map[string]string)
			for _, c := range schema.Columns {
				if v := drawCell(rt, c); v != "" {
					values[c.Name] = v
				}
			}
			for _, st := range styles {
				got := readRow(rt, t, filepath.Join(dir, "row"), st, schema, values)
				sameRow(rt, schema, got, values)
			}
		})
	}
}

// drawCell makes a canonical value of a column.
func drawCell(t *rapid.T, c Column) string {
	switch {
	case c.Derived:
		if c.Name == "family" {
			return "new-commerce"
		}
		return ""
	case !c.Required && c.Name != "order_date" && rapid.IntRange(0, 3).Draw(t, "empty "+c.Name) == 0:
		return ""
	case c.Type == Decimal:
		d := money.New(rapid.Int64Range(-1e12, 1e12).Draw(t, c.Name), -rapid.Int32Range(0, 12).Draw(t, c.Name+" scale"))
		return d.Plain()
	case c.Type == Date:
		return time.Unix(86400*rapid.Int64Range(10000, 25000).Draw(t, c.Name), 0).UTC().Format(time.DateOnly)
	}
	switch c.Name {
	case "customer_id":
		return rapid.StringMatching(`[0-9a-f]{8}`).Draw(t, c.Name)
	case "sku_id":
		return rapid.StringMatching(`[0-9A-Z]{4}`).Draw(t, c.Name)
	case "reseller_mpn_id":
		return rapid.StringMatching(`[1-9][0-9]{5}`).Draw(t, c.Name)
	case "currency", "billing_currency", "pricing_currency":
		return rapid.SampledFrom([]string{"EUR", "DKK", "JPY"}).Draw(t, c.Name)
	case "effective_unit_price":
		return money.New(rapid.Int64Range(1, 1e12).Draw(t, c.Name), -20).Plain()
	default:
		return rapid.StringMatching(`[a-zA-Zäł€"{}:,;\\/\n ]{0,12}[a-z]`).Draw(t, c.Name)
	}
}

// readRow writes the values in a style and reads them back.
func readRow(rt *rapid.T, t *testing.T, path string, st style, schema Schema, values map[string]string) map[string]string {
	var header, cells []string
	var types []Type
	for _, c := range schema.Columns {
		if c.Derived {
			continue
		}
		cell := values[c.Name]
		switch {
		case cell == "":
		case c.Type == Decimal || c.Name == "effective_unit_price":
			cell = st.number(cell)
		case c.Type == Date:
			d, _ := time.Parse(time.DateOnly, cell)
			cell = st.day(d)
		}
		header, cells, types = append(header, st.header(c)), append(cells, cell), append(types, c.Type)
	}
	if err := os.WriteFile(path, []byte(st.file(header, cells, types)), 0o600); err != nil {
		rt.Fatalf("write: %v", err)
	}
	s, err := Inspect(t.Context(), path)
	if err != nil {
		rt.Fatalf("%s: inspect: %v", st.name, err)
	}
	var got map[string]string
	for row, err := range s.Rows(t.Context(), nil) {
		var f *Fault
		if errors.As(err, &f) || err != nil {
			rt.Fatalf("%s: %v", st.name, err)
		}
		got = make(map[string]string)
		for i, v := range row.Values {
			if !v.IsNull() {
				got[schema.Columns[i].Name] = v.String()
			}
		}
	}
	return got
}
