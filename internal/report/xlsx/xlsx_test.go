package xlsx_test

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/reporttest"
	"github.com/chandler-csp/chandler/internal/report/xlsx"
)

func open(t *testing.T, inv *billing.Invoice) *excelize.File {
	t.Helper()
	data, err := xlsx.Marshal(inv)
	if err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
	return f
}

func TestCellsHoldTheDigitsOfTheirAmounts(t *testing.T) {
	t.Parallel()
	inv := reporttest.Wordy()
	inv.Lines[3].Description = "=1+1"
	inv.Lines[3].Net = money.MustParse("-1234567890123456.78") // more digits than a float keeps
	f := open(t, inv)
	for _, c := range []struct{ sheet, cell, want, shown string }{
		{"Lines", "A2", "1", "1"},
		{"Lines", "H2", "744", "744"},
		{"Lines", "J4", "20.60", "20.60"},
		{"Lines", "M2", "19", "19"},
		{"Lines", "H3", "123456789.0123456789", ""},
		{"Lines", "J3", "0.0000000042", "0.0000000042"},
		{"Lines", "K2", "158.77", "158.77"},
		{"Lines", "K4", "123456789012.34", "123,456,789,012.34"},
		{"Lines", "K5", "-1234567890123456.78", ""},
		{"Lines", "E5", "=1+1", "=1+1"},
		{"Lines", "A6", "Total", "Total"},
		{"Lines", "K6", "-1234444433334266.82", ""},
		{"Taxes", "C2", "651.42", "651.42"},
		{"Taxes", "B4", "7.5", "7.5"},
		{"Usage", "D2", "1024.55", "1,024.55"},
		{"Usage", "E4", "177.62", "177.62"},
	} {
		raw, err := f.GetCellValue(c.sheet, c.cell, excelize.Options{RawCellValue: true})
		if err != nil || raw != c.want {
			t.Errorf("%s!%s holds %q (%v), want %q", c.sheet, c.cell, raw, err, c.want)
		}
		if c.shown == "" {
			continue
		}
		if shown, err := f.GetCellValue(c.sheet, c.cell); err != nil || shown != c.shown {
			t.Errorf("%s!%s shows %q (%v), want %q", c.sheet, c.cell, shown, err, c.shown)
		}
	}
	for cell, want := range map[string]excelize.CellType{"K2": excelize.CellTypeUnset, "E5": excelize.CellTypeSharedString} {
		if got, err := f.GetCellType("Lines", cell); err != nil || got != want {
			t.Errorf("Lines!%s has type %v (%v), want %v", cell, got, err, want)
		}
	}
	if formula, err := f.GetCellFormula("Lines", "E5"); err != nil || formula != "" {
		t.Errorf("a description became the formula %q (%v)", formula, err)
	}
}

func TestTheWorkbookIsMadeForReading(t *testing.T) {
	t.Parallel()
	f := open(t, reporttest.March())
	if got := f.GetSheetList(); len(got) != 4 || got[0] != "Invoice" || got[1] != "Lines" || got[2] != "Taxes" || got[3] != "Usage" {
		t.Fatalf("sheets %q", got)
	}
	for _, sheet := range []string{"Lines", "Taxes", "Usage"} {
		if panes, err := f.GetPanes(sheet); err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("%s: the header does not stay in sight: %+v, %v", sheet, panes, err)
		}
	}
	if w, err := f.GetColWidth("Lines", "E"); err != nil || w != 60 {
		t.Errorf("the description is %v wide (%v)", w, err)
	}
	if title, err := f.GetCellValue("Invoice", "A1"); err != nil || title != "Invoice" {
		t.Errorf("title %q (%v)", title, err)
	}
	if title, err := open(t, reporttest.Abroad()).GetCellValue("Invoice", "A1"); err != nil || title != "Invoice (estimate) (draft)" {
		t.Errorf("title of an estimate %q (%v)", title, err)
	}
}

func TestTheSameInvoiceGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	first, err := xlsx.Marshal(reporttest.Long(120))
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := xlsx.Marshal(reporttest.Long(120))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first, again) {
			t.Fatal("two workbooks differ")
		}
	}
}

func TestAnyInvoiceMakesAWorkbook(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		data, err := xlsx.Marshal(reporttest.Random(t))
		if err != nil {
			t.Fatal(err)
		}
		f, err := excelize.OpenReader(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	})
}
