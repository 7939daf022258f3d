package ingest

import (
	"bytes"
	"compress/gzip"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
)

// result is everything that reading a file gave, values as text by column.
type result struct {
	source *Source
	rows   []map[string]string
	lines  []int64
	sets   []string
	faults []string // place, a space, code
	report Report
}

func write(t testing.TB, name, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func zipped(t testing.TB, content string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(content)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// readFile reads a file that must be recognised.
func readFile(t testing.TB, path string) result {
	t.Helper()
	s, err := Inspect(t.Context(), path)
	if err != nil {
		t.Fatalf("inspect: %v", err)
	}
	r := result{source: s}
	for row, err := range s.Rows(t.Context(), &r.report) {
		var f *Fault
		switch {
		case errors.As(err, &f):
			r.faults = append(r.faults, f.Place()+" "+string(f.Code))
			continue
		case err != nil:
			t.Fatalf("read: %v", err)
		}
		values := make(map[string]string, len(row.Values))
		for i, v := range row.Values {
			if !v.IsNull() {
				values[s.Schema().Columns[i].Name] = v.String()
			}
		}
		r.rows, r.lines, r.sets = append(r.rows, values), append(r.lines, row.Line), append(r.sets, row.Set)
	}
	return r
}

func readText(t testing.TB, name, content string) result {
	t.Helper()
	return readFile(t, write(t, name, content))
}

// refusal is the error that Inspect must give.
func refusal(t testing.TB, name, content string) *errs.Error {
	t.Helper()
	_, err := Inspect(t.Context(), write(t, name, content))
	var e *errs.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want an errs.Error", err)
	}
	if !errors.Is(err, errs.Invalid) {
		t.Errorf("kind is %s, want invalid", e.Kind)
	}
	return e
}

// has compares some columns of a row; an empty text means null.
func has(t testing.TB, row map[string]string, want map[string]string) {
	t.Helper()
	for k, v := range want {
		if row[k] != v {
			t.Errorf("%s is %q, want %q", k, row[k], v)
		}
	}
}

func equalTexts(t testing.TB, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func notes(r result, code errs.Code) []string {
	var list []string
	for _, n := range append(r.source.Notes, r.report.Notes...) {
		if n.Code == code {
			list = append(list, n.Column)
		}
	}
	return list
}

// shared is a path below the shared test data; without it the test is skipped.
func shared(t testing.TB, parts ...string) string {
	t.Helper()
	root := os.Getenv("CHANDLER_TESTDATA")
	if root == "" {
		t.Skip("CHANDLER_TESTDATA is not set: the shared month and documented pages are not read")
	}
	return filepath.Join(append([]string{root, "data"}, parts...)...)
}

// sameRow compares values: decimals as numbers, since 19.9100 is 19.91.
func sameRow(t interface {
	Helper()
	Fatalf(format string, args ...any)
}, s Schema, a, b map[string]string,
) {
	t.Helper()
	for _, c := range s.Columns {
		x, y := a[c.Name], b[c.Name]
		if (c.Type == Decimal || c.Name == "effective_unit_price") && x != "" && y != "" && money.MustParse(x).Equal(money.MustParse(y)) {
			continue
		}
		if x != y {
			t.Fatalf("%s is %q and %q", c.Name, x, y)
		}
	}
}
