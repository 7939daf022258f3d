package lake_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/lake"
)

// bench is a lake in a folder, and a folder for its input files.
type bench struct {
	*lake.Lake
	dir, in string
	kept    map[string]bool // data files of all versions
}

func openBench(t *testing.T, opts ...options) *bench {
	t.Helper()
	b := &bench{in: t.TempDir(), kept: map[string]bool{}}
	b.Lake = open(t, append(opts, func(c *lake.Config) { b.dir = c.Dir })...)
	return b
}

// file writes an input file; its name may lie in a folder.
func (b *bench) file(t *testing.T, name string, lines ...string) string {
	t.Helper()
	return b.raw(t, name, []byte(strings.Join(lines, "\n")+"\n"))
}

func (b *bench) raw(t *testing.T, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(b.in, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func (b *bench) gzip(t *testing.T, name string, lines ...string) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write([]byte(strings.Join(lines, "\n") + "\n"))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.raw(t, name, out.Bytes())
}

// add imports files and lists what became of the data sets: key, outcome, rows, money.
func (b *bench) add(t *testing.T, paths ...string) (sets []string, r lake.ImportReport) {
	t.Helper()
	r, err := b.Import(t.Context(), paths)
	if err != nil {
		t.Fatal(err)
	}
	b.keep(t)
	for _, d := range r.DataSets {
		line := fmt.Sprintf("%s %s %d%s", d.Key, d.Outcome, d.Rows, money(d.Amounts))
		if d.Outcome == lake.Replaced {
			line += fmt.Sprintf(" was %d%s", d.RowsBefore, money(d.AmountsBefore))
		}
		sets = append(sets, line)
	}
	return sets, r
}

func money(list []lake.Amount) string {
	s := ""
	for _, a := range list {
		s += fmt.Sprintf(" %s %s", a.Currency, a.Value.Trim())
	}
	return s
}

// refuse imports files that must be refused, checks that nothing of them is kept, and lists the faults.
func (b *bench) refuse(t *testing.T, paths ...string) []string {
	t.Helper()
	before, _ := b.Snapshot(t.Context())
	_, err := b.Import(t.Context(), paths)
	var e *errs.Error
	if !errors.As(err, &e) || e.Code != "import.refused" || !errors.Is(err, errs.Invalid) {
		t.Fatalf("got %v, want a refusal", err)
	}
	after, _ := b.Snapshot(t.Context())
	if len(after.Sets) != len(before.Sets) {
		t.Errorf("%d data sets, %d before: something is kept", len(after.Sets), len(before.Sets))
	}
	b.onlyRecorded(t)
	var list []string
	for _, f := range e.Fields {
		list = append(list, f.Place+" "+string(f.Code))
	}
	slices.Sort(list)
	return list
}

// keep remembers the files of the current versions; later versions leave them where they are.
func (b *bench) keep(t *testing.T) {
	t.Helper()
	s, err := b.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range s.Sets {
		for _, f := range d.Files {
			b.kept[filepath.Join(b.dir, f)] = true
		}
	}
}

// onlyRecorded fails when the lake holds a data file that no version of a data set names.
func (b *bench) onlyRecorded(t *testing.T) {
	t.Helper()
	err := filepath.WalkDir(b.dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".parquet") && !b.kept[path] {
			t.Errorf("%s is left behind", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// lines lists the reconciliation lines of the lake as place and subtotal.
func (b *bench) lines(t *testing.T) []string {
	t.Helper()
	s, err := b.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	ids := map[string]bool{}
	for l, err := range b.Lines(t.Context(), s, nil) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintf("%s:%d %s", l.Place.File, l.Place.Line, l.Subtotal))
		if ids[l.ID] {
			t.Errorf("two lines have the id %s", l.ID)
		}
		ids[l.ID] = true
	}
	return list
}

// usage lists every usage row of the lake as place, quantity and total.
func (b *bench) usage(t *testing.T) []string {
	t.Helper()
	s, err := b.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var groups []int64
	for g, err := range b.Groups(t.Context(), s, lake.GroupPick{}) {
		if err != nil {
			t.Fatal(err)
		}
		groups = append(groups, g.ID)
	}
	rows, err := b.UsageRows(t.Context(), s, groups, 1000)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, r := range rows {
		list = append(list, fmt.Sprintf("%s:%d %s %s", r.File, r.Line, r.Quantity, r.Billed))
	}
	return list
}

func equal(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func notesWith(r lake.ImportReport, text string) (list []string) {
	for _, n := range r.Notes {
		if strings.Contains(n, text) {
			list = append(list, n)
		}
	}
	return list
}

const (
	usageHead = "CustomerId,InvoiceNumber,ProductId,SkuId,SubscriptionId,ChargeStartDate,UsageDate,MeterId,ResourceURI,UnitPrice,Quantity,BillingPreTaxTotal,BillingCurrency"
	reconHead = "CustomerId,InvoiceNumber,ProductId,SkuId,ChargeType,UnitPrice,Quantity,Subtotal,TaxTotal,Total,Currency,SubscriptionId,ChargeStartDate,OrderId"
)

// usageRow is a row of an invoice with a resource and a quantity, at 2 a unit.
func usageRow(invoice, resource, quantity, total string) string {
	return "c1," + invoice + ",P,0001,s1,2026-03-01,2026-03-02,m1," + resource + ",2," + quantity + "," + total + ",EUR"
}

// usageLine is the same as a line of JSON.
func usageLine(invoice, resource, quantity, total string) string {
	return fmt.Sprintf(`{"CustomerId":"c1","InvoiceNumber":%q,"ProductId":"P","SkuId":"0001","SubscriptionId":"s1","ChargeStartDate":"2026-03-01T00:00:00Z",`+
		`"UsageDate":"2026-03-02T00:00:00Z","MeterId":"m1","ResourceURI":%q,"UnitPrice":2.0,"Quantity":%s,"BillingPreTaxTotal":%s,"BillingCurrency":"EUR"}`,
		invoice, resource, quantity, total)
}

// usagePage is the same as a page of v1 JSON.
func usagePage(lines ...string) string {
	page := `{"totalCount":1,"items":[` + strings.Join(lines, ",\n") + `],"attributes":{"objectType":"Collection"}}`
	for _, name := range []string{"CustomerId", "InvoiceNumber", "ProductId", "SkuId", "SubscriptionId", "ChargeStartDate", "UsageDate", "MeterId", "UnitPrice", "Quantity", "BillingPreTaxTotal", "BillingCurrency"} {
		page = strings.ReplaceAll(page, `"`+name+`"`, `"`+strings.ToLower(name[:1])+name[1:]+`"`)
	}
	return strings.ReplaceAll(page, `"ResourceURI"`, `"resourceUri"`)
}

func reconRow(invoice, product, subtotal string) string {
	return "c1," + invoice + "," + product + ",0001,new," + subtotal + ",1," + subtotal + ",0," + subtotal + ",EUR,s1,2026-03-01,o1"
}
