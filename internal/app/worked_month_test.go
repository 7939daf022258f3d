package app_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

// march is the invented month of the shared test data, whose totals an oracle of its own computed row by row.
type march struct {
	dir      string
	expected marchExpected
}

type marchExpected struct {
	Upstream []struct {
		Invoice    string        `json:"invoice"`
		Currency   string        `json:"currency"`
		Total      money.Decimal `json:"recon_total"`
		Net        money.Decimal `json:"invoice_net"`
		Difference money.Decimal `json:"difference"`
	} `json:"upstream"`
	Totals []struct {
		Currency money.Currency               `json:"currency"`
		Cost     money.Decimal                `json:"cost"`
		Sell     map[string]marchExpectedSell `json:"sell"`
	} `json:"totals"`
	Customers []struct {
		Customer string                       `json:"customer"`
		Currency money.Currency               `json:"currency"`
		Cost     money.Decimal                `json:"cost"`
		Sell     map[string]marchExpectedSell `json:"sell"`
	} `json:"customers"`
	Seats []struct {
		Subscription string `json:"subscription"`
		Product      string `json:"product"`
		SKU          string `json:"sku"`
		Seats        int64  `json:"seats"`
	} `json:"seats"`
	Rounding map[string]struct {
		Variance money.Decimal `json:"variance"`
	} `json:"rounding"`
	Lines []struct {
		File     string        `json:"file"`
		Line     int64         `json:"line"`
		Subtotal money.Decimal `json:"subtotal"`
		A        money.Decimal `json:"sell_A"`
		C        money.Decimal `json:"sell_C"`
	} `json:"recon_lines"`
}

type marchExpectedSell struct {
	Total  money.Decimal `json:"total"`
	Margin money.Decimal `json:"margin"`
}

// openMarch finds the month, or skips: its files are not part of the project.
func openMarch(t *testing.T) march {
	t.Helper()
	root := os.Getenv("CHANDLER_TESTDATA")
	if root == "" {
		t.Skip("CHANDLER_TESTDATA is not set: the worked month of 2026-03 is not here; TestGeneratedMonth covers the rules")
	}
	m := march{dir: filepath.Join(root, "data", "month-2026-03")}
	readJSON(t, filepath.Join(m.dir, "expected.json"), &m.expected)
	return m
}

func readJSON(t *testing.T, path string, to any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, to); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// files lists the month with one spelling of its usage, and a fault's files in place of theirs.
func (m march) files(t *testing.T, spelling, fault string) []string {
	t.Helper()
	names := map[string]string{}
	for _, dir := range []string{m.dir, filepath.Join(m.dir, "faults", fault)} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			name, other := e.Name(), ".csv"
			if spelling == "csv" {
				other = ".jsonl.gz"
			}
			if e.IsDir() || isMonthNote(name) || strings.HasPrefix(name, "daily_rated") && strings.HasSuffix(name, other) {
				continue
			}
			names[name] = filepath.Join(dir, name)
		}
		if fault == "" {
			break
		}
	}
	var paths []string
	for _, path := range names {
		paths = append(paths, path)
	}
	return paths
}

func isMonthNote(name string) bool {
	switch name {
	case "expected.json", "expected_faults.json", "rules.json":
		return true
	}
	return strings.HasPrefix(name, "manifest_")
}

func (m march) rules(t *testing.T, set string) []pricing.Rule {
	t.Helper()
	var sets map[string]struct {
		Data json.RawMessage `json:"data"`
	}
	readJSON(t, filepath.Join(m.dir, "rules.json"), &sets)
	rules, err := pricing.Decode(strings.NewReader(string(sets[set].Data)))
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

var marchPeriod = period.MustMonth("2026-03")

// bill runs the month on a new data folder.
func (m march) bill(t *testing.T, set, spelling, fault string) (*app.App, app.Run) {
	t.Helper()
	a := openApp(t, t.TempDir())
	if _, err := a.AddRules(t.Context(), m.rules(t, set)); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Import(t.Context(), m.files(t, spelling, fault)); err != nil {
		t.Fatal(err)
	}
	run, err := a.BillRun(t.Context(), marchPeriod)
	if err != nil {
		t.Fatal(err)
	}
	return a, run
}

func TestWorkedMonth(t *testing.T) {
	t.Parallel()
	m := openMarch(t)
	for _, spelling := range []string{"csv", "jsonl"} {
		for _, set := range []string{"A", "B", "C"} {
			t.Run("rules "+set+" from "+spelling, func(t *testing.T) {
				t.Parallel()
				a, run := m.bill(t, set, spelling, "")
				if run.Findings != 0 {
					t.Errorf("%d findings: %+v", run.Findings, run.Result.Findings)
				}
				m.checkTotals(t, set, run)
				m.checkRecon(t, set, run.Result)
				m.checkSeats(t, run.Result)
				m.checkRounding(t, run.Result)
				m.checkInvoices(t, a, run)
			})
		}
	}
}

func (m march) checkTotals(t *testing.T, set string, run app.Run) {
	t.Helper()
	if len(run.Totals) != len(m.expected.Totals) {
		t.Errorf("%d currencies, want %d", len(run.Totals), len(m.expected.Totals))
	}
	for _, want := range m.expected.Totals {
		for _, got := range run.Totals {
			if got.Currency != want.Currency {
				continue
			}
			sameAmount(t, string(want.Currency)+" cost", got.Cost, want.Cost)
			sameAmount(t, string(want.Currency)+" sell", got.Sell, want.Sell[set].Total)
			sameAmount(t, string(want.Currency)+" margin", got.Margin, want.Sell[set].Margin)
		}
	}
}

func (m march) checkRecon(t *testing.T, set string, r recon.Result) {
	t.Helper()
	if len(r.Invoices) != len(m.expected.Upstream) || len(r.Customers) != len(m.expected.Customers) {
		t.Errorf("%d invoices and %d customers, want %d and %d", len(r.Invoices), len(r.Customers), len(m.expected.Upstream), len(m.expected.Customers))
	}
	for _, want := range m.expected.Upstream {
		for _, got := range r.Invoices {
			if got.Invoice == want.Invoice {
				sameAmount(t, want.Invoice+" upstream", got.Upstream, want.Net)
				sameAmount(t, want.Invoice+" accounted", got.Accounted, want.Total)
				sameAmount(t, want.Invoice+" difference", got.Difference, want.Difference)
			}
		}
	}
	for _, want := range m.expected.Customers {
		found := false
		for _, got := range r.Customers {
			if got.TenantID != want.Customer || got.Currency != want.Currency {
				continue
			}
			found = true
			sameAmount(t, got.Name+" cost", got.Cost, want.Cost)
			sameAmount(t, got.Name+" sell", got.Sell, want.Sell[set].Total)
			sameAmount(t, got.Name+" margin", got.Margin, want.Sell[set].Margin)
		}
		if !found {
			t.Errorf("customer %s in %s is missing", want.Customer, want.Currency)
		}
	}
}

func (m march) checkSeats(t *testing.T, r recon.Result) {
	t.Helper()
	got := map[string]int64{}
	for _, s := range r.Seats {
		got[s.SubscriptionID+"|"+s.ProductID+"|"+s.SkuID] = s.Seats
	}
	if len(got) != len(m.expected.Seats) {
		t.Errorf("seats of %d products, want %d", len(got), len(m.expected.Seats))
	}
	for _, want := range m.expected.Seats {
		if k := want.Subscription + "|" + want.Product + "|" + want.SKU; got[k] != want.Seats {
			t.Errorf("%s: %d seats, want %d", k, got[k], want.Seats)
		}
	}
}

func (m march) checkRounding(t *testing.T, r recon.Result) {
	t.Helper()
	got := map[string]money.Decimal{}
	for _, b := range r.Rounding {
		pec := "-"
		if b.PEC {
			pec = "PEC"
		}
		got[strings.Join([]string{b.Invoice, b.SubscriptionID, b.ProductID, b.SkuID, b.AvailabilityID, pec}, "|")] = b.Variance
	}
	if len(got) != len(m.expected.Rounding) {
		t.Errorf("%d rounding buckets, want %d", len(got), len(m.expected.Rounding))
	}
	for k, want := range m.expected.Rounding {
		have, ok := got[k]
		if !ok {
			t.Errorf("no bucket %s", k)
			continue
		}
		sameAmount(t, "rounding "+k, have, want.Variance)
	}
}

// checkInvoices: the documents sum to what the run says was sold, since no service is agreed.
func (m march) checkInvoices(t *testing.T, a *app.App, run app.Run) {
	t.Helper()
	rows, err := a.Invoices(t.Context(), app.InvoiceFilter{Period: marchPeriod})
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != run.Invoices || len(rows) != len(m.expected.Customers) {
		t.Errorf("%d documents listed, %d counted, want %d", len(rows), run.Invoices, len(m.expected.Customers))
	}
	sums := map[money.Currency]money.Decimal{}
	for _, r := range rows {
		sums[r.Currency] = sums[r.Currency].Add(r.Net)
	}
	for _, total := range run.Totals {
		sameAmount(t, "documents in "+string(total.Currency), sums[total.Currency], total.Sell)
	}
}

func sameAmount(t *testing.T, what string, got, want money.Decimal) {
	t.Helper()
	if !got.Equal(want) {
		t.Errorf("%s: got %s, want %s", what, got, want)
	}
}
