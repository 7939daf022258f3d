package lake_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// data is a folder of the shared test data.
func data(t *testing.T, folder string) string { return filepath.Join(month(t), "..", folder) }

// Every documented page by itself: what it becomes, or why it is refused.
func TestDocumentedPagesImport(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"get-a-collection-of-invoices__1":                           "document|D02005YFHI added 1 GBP 24606.35; document|G000024130 added 2 CHF 694027.12",
		"get-invoice-by-id__1":                                      "document|G000024135 added 1 USD 2076.63",
		"get-invoice-billed-consumption-lineitems__1":               "usage|T000001234 added 2 USD 0.976267461840794",
		"get-invoice-billed-consumption-lineitems__2":               "usage|T000001234 added 1 USD 0.486031696515249",
		"get-invoice-unbilled-consumption-lineitems__1":             "usage|unbilled|USD|2019-01 added 2 USD 61.4394668161102",
		"get-invoice-unbilled-consumption-lineitems__2":             "usage|unbilled|USD|2019-01 added 1 USD 30.7197334080551",
		"get-invoice-unbilled-recon-lineitems__1":                   "recon|unbilled|USD|2019-02 added 2 USD 0",
		"get-invoice-unbilled-recon-lineitems__2":                   "recon|T11ETHHDDD added 1 USD 0",
		"get-invoiceline-items__1":                                  "recon-legacy-licence|1234000000 added 2 USD 0",
		"get-invoiceline-items__2":                                  "recon-legacy-usage|1234000000 added 2 USD 69.67",
		"get-invoiceline-items__3":                                  "recon-legacy-daily|1234000000 added 2",
		"get-invoiceline-items__4":                                  "recon|1234000000 added 2 USD 499.39",
		"get-invoiceline-items__5":                                  "recon|1234000000 added 1 USD 1577.24",
		"get-prices-for-microsoft-azure__1":                         "price|rate-card||2017-01 added 3",
		"get-prices-for-microsoft-azure-partner-shared-services__1": "price|rate-card|US|2017-01 added 3",
		"get-invoice-estimate-links__1":                             "refused: get-invoice-estimate-links__1.json file.no_charges",
		"get-invoice-summaries__1":                                  "refused: get-invoice-summaries__1.json file.no_charges",
	}
	found, err := filepath.Glob(filepath.Join(data(t, "partner-center-json"), "*.json"))
	if err != nil || len(found) != len(want) {
		t.Fatalf("%d pages, %v, want %d", len(found), err, len(want))
	}
	for _, path := range found {
		name := strings.TrimSuffix(filepath.Base(path), ".json")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := openBench(t)
			if refused, ok := strings.CutPrefix(want[name], "refused: "); ok {
				equal(t, "faults", b.refuse(t, path), refused)
				return
			}
			sets, _ := b.add(t, path)
			equal(t, "sets", sets, strings.Split(want[name], "; ")...)
		})
	}
}

func TestRealCostFilesImport(t *testing.T) {
	t.Parallel()
	b := openBench(t)
	sets, r := b.add(t, filepath.Join(data(t, "focus"), "focus_1.0_sample_1000.csv"))
	rows := int64(0)
	for _, d := range r.DataSets {
		rows += d.Rows
	}
	if rows != 1000 || len(sets) == 0 {
		t.Errorf("%d rows in %v", rows, sets)
	}
	mended := map[string]int64{}
	for _, n := range r.Files[0].Notes {
		mended[string(n.Code)+" "+n.Column] += n.Count
	}
	for what, times := range map[string]int64{"note.mended ChargePeriodStart": 1000, "note.mended BillingPeriodEnd": 1000, "note.unknown_column Id": 1} {
		if mended[what] != times {
			t.Errorf("%s is told %d times, want %d", what, mended[what], times)
		}
	}
	sets, _ = b.add(t, filepath.Join(data(t, "finops-toolkit"), "EA_ActualCost_Small.csv"), filepath.Join(data(t, "finops-toolkit"), "EA_AmortizedCost_Small.csv"))
	equal(t, "EA exports", sets, "cost|cost-export-amortized|period|8611537|2023-09 added 28 USD 16.296932136636644627", "cost|cost-export|period|8611537|2023-09 added 11 USD 8.5450077867419368")
}

// The whole month at once, its usage in both spellings and by its manifests: everything counts once.
func TestTheMonthInBothSpellingsCountsOnce(t *testing.T) {
	t.Parallel()
	dir := month(t)
	b := openBench(t)
	one, _ := b.add(t, files(t, dir, "*_US.csv", "nce*.csv", "fx*.csv", "recon*.csv", "invoice*.json", "daily*.csv")...)
	both, r := openBench(t).add(t, files(t, dir, "*_US.csv", "nce*.csv", "fx*.csv", "recon*.csv", "invoice*.json", "manifest*.json", "daily*")...)
	equal(t, "sets", both, one...)
	if !slices.Contains(one, "usage|G090387211 added 1259 EUR 4121.466421467720363") {
		t.Errorf("sets: %v", one)
	}
	if got := notesWith(r, "duplicate: "); len(got) != 2 {
		t.Errorf("notes: %v", got)
	}
}
