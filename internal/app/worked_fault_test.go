package app_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

// workedFault is one fault of the worked month and what must be reported of it.
type workedFault struct {
	Name      string                           `json:"name"`
	Accept    []recon.Class                    `json:"accept"`
	Outcome   string                           `json:"outcome"`
	Amounts   map[money.Currency]money.Decimal `json:"amounts"`
	Tolerance money.Decimal                    `json:"tolerance"`
	AtMost    int                              `json:"findings_at_most"`
	Formats   []string                         `json:"formats"`
	Where     *struct {
		File   string `json:"file"`
		Line   int64  `json:"line"`
		Column string `json:"column"`
	} `json:"where"`
}

func TestWorkedMonthFaults(t *testing.T) {
	t.Parallel()
	m := openMarch(t)
	var all struct {
		Faults []workedFault `json:"faults"`
	}
	readJSON(t, filepath.Join(m.dir, "expected_faults.json"), &all)
	if len(all.Faults) == 0 {
		t.Fatal("no faults in expected_faults.json")
	}
	for _, f := range all.Faults {
		for _, spelling := range f.Formats {
			t.Run(f.Name+" in "+spelling, func(t *testing.T) {
				t.Parallel()
				switch f.Outcome {
				case "refused":
					f.checkRefused(t, m, spelling)
				case "finding":
					f.checkFinding(t, m, spelling)
				case "accepted":
					_, run := m.bill(t, "A", spelling, f.Name)
					if run.Findings != 0 {
						t.Errorf("findings: %+v", run.Result.Findings)
					}
					m.checkTotals(t, "A", run)
				default:
					t.Fatalf("unknown outcome %q", f.Outcome)
				}
			})
		}
	}
}

// checkRefused: the import fails, names the place, and leaves nothing behind.
func (f workedFault) checkRefused(t *testing.T, m march, spelling string) {
	t.Helper()
	a := openApp(t, t.TempDir())
	_, err := a.Import(t.Context(), m.files(t, spelling, f.Name))
	if err == nil {
		t.Fatal("the import was not refused")
	}
	name := f.Where.File
	if spelling == "jsonl" {
		name = strings.TrimSuffix(name, ".csv") + ".jsonl"
	}
	if !strings.Contains(err.Error(), name) || f.Where.Column != "" && !strings.Contains(err.Error(), f.Where.Column) {
		t.Errorf("the error names neither %s nor %s: %v", name, f.Where.Column, err)
	}
	if _, err := a.BillRun(t.Context(), marchPeriod); errs.CodeOf(err) != "period.empty" {
		t.Errorf("something of the files was kept: %v", err)
	}
}

func (f workedFault) checkFinding(t *testing.T, m march, spelling string) {
	t.Helper()
	_, run := m.bill(t, "A", spelling, f.Name)
	found := run.Result.Findings
	if len(found) == 0 || len(found) > f.AtMost {
		t.Fatalf("%d findings, want 1 to %d: %+v", len(found), f.AtMost, found)
	}
	sums := map[money.Currency]money.Decimal{}
	for _, x := range found {
		if !slices.Contains(f.Accept, x.Class) {
			t.Errorf("class %s, want one of %v: %s", x.Class, f.Accept, x.Message)
		}
		if x.Amount != nil {
			sums[x.Currency] = sums[x.Currency].Add(*x.Amount)
		}
	}
	for c, want := range f.Amounts {
		if sums[c].Sub(want).Abs().Cmp(f.Tolerance) > 0 {
			t.Errorf("findings size %s %s, want %s", sums[c], c, want)
		}
	}
	for _, i := range run.Result.Invoices {
		var classed money.Decimal
		for _, c := range i.Classes {
			classed = classed.Add(c.Amount)
		}
		sameAmount(t, i.Invoice+" classes", classed, i.Difference)
	}
	if f.Where != nil && f.Where.Line > 0 && spelling == "csv" && !names(found, f.Where.File, f.Where.Line) {
		t.Errorf("no evidence at %s:%d: %+v", f.Where.File, f.Where.Line, found)
	}
}

func names(found []recon.Finding, file string, line int64) bool {
	return slices.ContainsFunc(found, func(x recon.Finding) bool {
		return slices.ContainsFunc(x.Evidence, func(e recon.Evidence) bool { return e.File == file && e.Line == line })
	})
}
