package jsonout_test

import (
	"encoding/json"
	"flag"
	"testing"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/report/jsonout"
	"github.com/chandler-csp/chandler/internal/report/reporttest"
)

var _ = flag.Bool("update", false, "write golden files")

func TestCustomerSees(t *testing.T) {
	t.Parallel()
	out, err := jsonout.Customer(reporttest.Abroad())
	if err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "abroad.json", out)
}

func TestCreditNote(t *testing.T) {
	t.Parallel()
	out, err := jsonout.Customer(reporttest.Credit())
	if err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "credit.json", out)
}

func TestStaffSeesCostAndRule(t *testing.T) {
	t.Parallel()
	inv := reporttest.Abroad()
	inv.RunID = "run_1"
	inv.Lines = inv.Lines[:1]
	l := &inv.Lines[0]
	l.Cost, l.CostCurrency, l.Retail = money.MustParse("120.5"), "USD", money.MustParse("140")
	l.RuleID, l.RuleVersion, l.ChargeIDs = "rul_1", 3, []string{"chg_1", "chg_2"}
	out, err := jsonout.Staff(inv)
	if err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "staff.json", out)
}

func TestAnyInvoiceIsValidJSON(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inv := reporttest.Random(t)
		for _, write := range []func() ([]byte, error){
			func() ([]byte, error) { return jsonout.Customer(inv) }, func() ([]byte, error) { return jsonout.Staff(inv) },
		} {
			out, err := write()
			if err != nil || !json.Valid(out) {
				t.Fatalf("%v: %s", err, out)
			}
		}
	})
}
