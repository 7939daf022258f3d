package csvout_test

import (
	"bytes"
	"encoding/csv"
	"flag"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/report/csvout"
	"github.com/chandler-csp/chandler/internal/report/reporttest"
)

var _ = flag.Bool("update", false, "write golden files")

func TestMarchAndAbroad(t *testing.T) {
	t.Parallel()
	march, err := csvout.Marshal(reporttest.March())
	if err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "march.csv", march)
	abroad, err := csvout.Marshal(reporttest.Abroad())
	if err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "abroad.csv", abroad)
}

func TestNoTextBeginsAFormula(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, want string }{
		{`=HYPERLINK("http://x","y")`, `'=HYPERLINK("http://x","y")`},
		{"+1", "'+1"},
		{"-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t=1"},
		{"plain, with a comma", "plain, with a comma"},
		{"Storage - Hot", "Storage - Hot"},
	} {
		inv := reporttest.March()
		inv.Lines = inv.Lines[:1]
		inv.Lines[0].Description, inv.Lines[0].Net = c.in, money.MustParse("-5")
		out, err := csvout.Marshal(inv)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := rows[1][13]; got != c.want {
			t.Errorf("%q is written as %q, want %q", c.in, got, c.want)
		}
		if got := rows[1][19]; got != "-5.00" { // an amount is no formula
			t.Errorf("net %q, want -5.00", got)
		}
	}
}

func TestAnyInvoiceIsOneRowALine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := reporttest.Random(t)
		out, err := csvout.Marshal(inv)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(bytes.NewReader(out)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) != len(inv.Lines)+1 || strings.Join(rows[0], ",") != strings.Join(csvout.Header(), ",") {
			t.Fatalf("%d rows for %d lines", len(rows), len(inv.Lines))
		}
	})
}
