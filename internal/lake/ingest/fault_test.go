package ingest

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

func TestFaultsBeyondTheListAreCounted(t *testing.T) {
	t.Parallel()
	path := write(t, "u.csv", usageHeader+"\n"+strings.Repeat("x\n", MaxFaults+500)+usageRow+"\n")
	s, err := Inspect(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	var report Report
	var last *Fault
	told := 0
	for _, err := range s.Rows(t.Context(), &report) {
		if errors.As(err, &last) {
			told++
		}
	}
	if told != MaxFaults+1 || last.Code != CodeMore || last.Detail != "1500 faults in all; the first 1000 are listed" {
		t.Errorf("%d told, the last %v", told, last)
	}
	if report.Faults != 1500 || report.Rows != 1 {
		t.Errorf("%d faults and %d rows in the report", report.Faults, report.Rows)
	}
}

func TestADateThatStandsForNothingIsMissing(t *testing.T) {
	t.Parallel()
	r := readText(t, "u.csv", usageHeader+"\n"+strings.Replace(usageRow, "3/2/2026", "0001-01-01T00:00:00", 1)+"\n"+strings.Replace(usageRow, "3/1/2026", "1/1/0001", 1)+"\n")
	equalTexts(t, "faults", r.faults, "u.csv:2:UsageDate cell.required")
	has(t, r.rows[0], map[string]string{"charge_start": ""})
}

func TestUnbilledRowsNeedAPeriod(t *testing.T) {
	t.Parallel()
	unbilled := strings.Replace(usageRow, "G1", "", 1)
	r := readText(t, "u.csv", usageHeader+"\n"+strings.Replace(unbilled, "3/1/2026", "", 1)+"\n")
	equalTexts(t, "the usage's own day tells the period", r.sets, "usage|unbilled|EUR|2026-03")

	header := "CustomerId,InvoiceNumber,ProductId,SkuId,ChargeType,UnitPrice,Quantity,Subtotal,Total,Currency,SubscriptionId,ChargeStartDate,OrderDate\n"
	r = readText(t, "r.csv", header+"c,,P,1,new,1,1,1,1,EUR,s,,\n")
	equalTexts(t, "faults", r.faults, "r.csv:2 cell.required")
	r = readText(t, "r.csv", header+"c,,P,1,new,1,1,1,1,EUR,s,,2026-02-27\nc,,P,1,new,1,1,1,1,EUR,s,,\n")
	equalTexts(t, "the file's period is that of its rows which tell it", r.sets, "recon|unbilled|EUR|2026-02", "recon|unbilled|EUR|2026-02")
}

func TestRatesAreAboveZeroAndTellTheirMonth(t *testing.T) {
	t.Parallel()
	header := "CurrencyCode,USDPerUnit,Month\n"
	r := readText(t, "fx_202603.csv", header+"EUR,0,202603\nDKK,-0.1,202603\nNOK,,202603\n")
	equalTexts(t, "faults", r.faults, "fx_202603.csv:2:USDPerUnit number.invalid", "fx_202603.csv:3:USDPerUnit number.invalid", "fx_202603.csv:4:USDPerUnit cell.required")
	r = readText(t, "fx_202604.csv", header+"EUR,1,202603\n")
	equalTexts(t, "the rows win over the name", r.sets, "fx|2026-03")
	equalTexts(t, "warned", notes(r, NoteMonth), "Month")
	r = readText(t, "fx.csv", header+"EUR,1,202603\nDKK,1,2019\n")
	equalTexts(t, "one row's month is not another's", r.faults, "fx.csv:3:Month date.invalid")
	r = readText(t, "fxrates_201908.csv", header+"EUR,1,2019\nDKK,1,2019\n")
	equalTexts(t, "the name tells", r.sets, "fx|2019-08", "fx|2019-08")
}

func TestAPageThatIsNotTheLastSaysSo(t *testing.T) {
	t.Parallel()
	item := `{"customerId":"c","invoiceNumber":"G1","productId":"P","skuId":"0001","chargeType":"New","unitPrice":1,"quantity":1,"subtotal":1,"totalForCustomer":1,"currency":"USD","subscriptionId":"s"}`
	r := readText(t, "p.json", `{"items":[`+item+`],"links":{"self":{"uri":"/a"},"next":{"uri":"/b"}}}`)
	if len(r.rows) != 1 || len(notes(r, NoteNextPage)) != 1 {
		t.Errorf("%d rows, notes %v", len(r.rows), r.report.Notes)
	}
	if r = readText(t, "p.json", `{"items":[`+item+`],"links":{"self":{"uri":"/a"}}}`); len(notes(r, NoteNextPage)) != 0 {
		t.Errorf("the last page: notes %v", r.report.Notes)
	}
}

func TestOddJSON(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		content string
		code    errs.Code
		detail  string
	}{
		"a list that is none":     {`{"value":"x","other":1}`, CodeUnknown, "items, value or meters is not a list"},
		"a list of numbers":       {`{"items":[1,2]}`, CodeUnknown, "not a JSON object"},
		"a name that is empty":    {`{"":1}`, CodeUnknown, "unknown header: "},
		"text behind an object":   {`{"id":"G1","totalCharges":1,"currencyCode":"EUR"} x`, "", ""},
		"cut in the first item":   {`{"items":[{"id":"G1"`, CodeUnknown, "the file is cut: it ends inside its JSON"},
		"a number for a document": {`42`, CodeUnknown, "unknown header: 42"},
	} {
		s, err := Inspect(t.Context(), write(t, "x.json", tt.content))
		if tt.code == "" {
			if err != nil || s.Kind != KindDocument {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var e *errs.Error
		if !errors.As(err, &e) || e.Code != tt.code || len(e.Fields) != 1 || e.Fields[0].Detail != tt.detail {
			t.Errorf("%s: %v", name, err)
		}
	}
	r := readText(t, "x.json", `{"items":[{"id":"G1","totalCharges":1,"currencyCode":"EUR"},`+"\n"+`{"id":"G2","totalCharges":1,`)
	equalTexts(t, "cut in a later item", r.faults, "x.json:2 file.cut")
	r = readText(t, "x.json", `{"items":[{"id":"G1","totalCharges":1,"currencyCode":"EUR"},`+"\n"+`{"id":]}`)
	equalTexts(t, "broken in a later item", r.faults, "x.json:2 row.malformed")
}

// counted says how much of an endless input was asked for.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err //nolint:wrapcheck // a test's
}

func TestAnEndlessValueIsGivenUp(t *testing.T) {
	t.Parallel()
	for _, start := range []string{`{"items":[{"a":"`, `{"a":"`, `["`, `[[[`} {
		in := &counted{r: io.MultiReader(strings.NewReader(start), io.LimitReader(endless{}, 1<<30))}
		_, err := walk(in, visitor{
			item:   func(string, []byte, int64) error { return nil },
			member: func(string, []byte, int64) error { return nil },
			object: func([]member, int64) error { return nil },
		})
		if err == nil || in.n > 2*MaxRecord {
			t.Errorf("%s…: %d bytes were read, %v", start, in.n, err)
		}
	}
	members := `{"k":"` + strings.Repeat("x", 1<<20) + `"`
	for range 9 {
		members += `,"k":"` + strings.Repeat("x", 1<<20) + `"`
	}
	_, err := walk(strings.NewReader(members+"}"), visitor{
		item:   func(string, []byte, int64) error { return nil },
		member: func(string, []byte, int64) error { return nil },
		object: func([]member, int64) error { t.Error("an object of 10 MiB was kept"); return nil },
	})
	if !errors.Is(err, errRecordLong) {
		t.Errorf("got %v", err)
	}
}

func TestWhatCannotBeReadSaysSo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, path := range map[string]string{"no file": filepath.Join(dir, "none.csv"), "a folder": dir} {
		_, err := Inspect(t.Context(), path)
		var e *errs.Error
		if !errors.As(err, &e) || e.Code != CodeUnreadable || len(e.Fields) != 1 || e.Fields[0].Place != filepath.Base(path) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if os.Geteuid() == 0 {
		return // root may read everything
	}
	path := write(t, "secret.csv", "x")
	if err := os.Chmod(path, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := Inspect(t.Context(), path); errs.CodeOf(err) != CodeUnreadable {
		t.Errorf("a file without permission: %v", err)
	}
}

func TestSpreadsheetsAreToldFromZips(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range []string{"[Content_Types].xml", "xl/workbook.xml"} {
		if _, err := z.Create(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if e := refusal(t, "x.xlsx", b.String()); len(e.Fields) != 1 || !strings.Contains(e.Fields[0].Detail, "spreadsheet") {
		t.Errorf("got %v", e)
	}
}

func TestTextHoldsNoZeros(t *testing.T) {
	t.Parallel()
	r := readText(t, "u.csv", usageHeader+",Tags\n"+usageRow+",a\x00b\n")
	equalTexts(t, "faults", r.faults, "u.csv:2:Tags cell.invalid")
	if err := r.source.Digest(t.Context()); err != nil || r.source.Direct() {
		t.Errorf("SQL, which would take it, may read the file; %v", err)
	}
}
