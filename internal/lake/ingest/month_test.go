package ingest

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
)

// The same usage written as CSV in two styles and as lines of JSON gives the same rows, value by value.
func TestMonthUsageIsTheSameFromCSVAndJSON(t *testing.T) {
	t.Parallel()
	total := 0
	for _, invoice := range []string{"G090387211", "G121410345"} {
		csv := readFile(t, shared(t, "month-2026-03", "daily_rated_usage_"+invoice+".csv"))
		lines := readFile(t, shared(t, "month-2026-03", "daily_rated_usage_"+invoice+".jsonl.gz"))
		if len(csv.faults)+len(lines.faults) > 0 || len(csv.rows) != len(lines.rows) {
			t.Fatalf("%s: %d and %d rows, faults %v %v", invoice, len(csv.rows), len(lines.rows), csv.faults, lines.faults)
		}
		total += len(csv.rows)
		for i := range csv.rows {
			delete(csv.rows[i], "fx_rate_date") // Graph has none
			sameRow(t, csv.source.Schema(), csv.rows[i], lines.rows[i])
		}
		if csv.sets[0] != "usage|"+invoice || csv.sets[0] != lines.sets[0] {
			t.Errorf("sets are %s and %s", csv.sets[0], lines.sets[0])
		}
	}
	if total != 1491 {
		t.Errorf("%d rows, want 1491", total)
	}
}

func TestMonthFiles(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		rows int
		kind Kind
		set  string
	}{
		"recon_G090387211.csv": {70, KindRecon, "recon|G090387211"}, "recon_G121410345.csv": {32, KindRecon, "recon|G121410345"},
		"recon_G243111014.csv": {2, KindRecon, "recon|G243111014"}, "fxrates_202603.csv": {7, KindFX, "fx|2026-03"},
		"azure_consumption_US.csv":  {16, KindPrice, "price|azure_consumption|US|2026-03"},
		"azure_reservations_US.csv": {1, KindPrice, "price|azure_reservations|US|2018-03"},
		"nce_licensebased_DE.csv":   {122, KindPrice, "price|updatedlicensebased|DE|2025-12"},
		"invoice_G121410345.json":   {2, KindDocument, "document|G121410345"}, "invoice_G090387211.json": {1, KindDocument, "document|G090387211"},
		"manifest_G090387211.json": {0, KindManifest, ""},
	} {
		r := readFile(t, shared(t, "month-2026-03", name))
		if len(r.rows) != want.rows || r.source.Kind != want.kind || len(r.faults) > 0 {
			t.Errorf("%s: %s with %d rows, faults %v", name, r.source.Kind, len(r.rows), r.faults)
		}
		if want.rows > 0 && r.sets[0] != want.set {
			t.Errorf("%s: set %s, want %s", name, r.sets[0], want.set)
		}
	}
}

func TestMonthFaults(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"csv_cut_in_row/daily_rated_usage_G090387211.csv":           "daily_rated_usage_G090387211.csv:841 file.cut",
		"thousands_ambiguous/daily_rated_usage_G090387211.csv":      "daily_rated_usage_G090387211.csv:2:Quantity number.ambiguous",
		"thousands_ambiguous/daily_rated_usage_G090387211.jsonl.gz": "daily_rated_usage_G090387211.jsonl.gz:1:Quantity number.ambiguous",
	}
	root := shared(t, "month-2026-03", "faults")
	files, err := filepath.Glob(filepath.Join(root, "*", "*"))
	if err != nil || len(files) < 10 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, path := range files {
		name, _ := filepath.Rel(root, path)
		r := readFile(t, path)
		if got := strings.Join(r.faults, ", "); got != want[name] {
			t.Errorf("%s: faults %q, want %q", name, got, want[name])
		}
	}
}

func TestPecFractionInAPercentColumnIsNotGuessed(t *testing.T) {
	t.Parallel()
	for name, column := range map[string]int{"daily_rated_usage_G090387211.csv": 1020, "daily_rated_usage_G090387211.jsonl.gz": 1019} {
		r := readFile(t, shared(t, "month-2026-03", "faults", "pec_fraction_in_percent_column", name))
		i := slices.Index(r.lines, int64(column))
		if i < 0 || r.rows[i]["pec_percent"] != "0.15" {
			t.Errorf("%s: line %d has not 0.15 but %q", name, column, r.rows[max(i, 0)]["pec_percent"])
		}
	}
}

func TestDocumentedPages(t *testing.T) {
	t.Parallel()
	want := map[string]int{
		"get-a-collection-of-invoices__1": 3, "get-invoice-billed-consumption-lineitems__1": 2, "get-invoice-billed-consumption-lineitems__2": 1,
		"get-invoice-by-id__1": 1, "get-invoice-estimate-links__1": 0, "get-invoice-summaries__1": 0,
		"get-invoice-unbilled-consumption-lineitems__1": 2, "get-invoice-unbilled-consumption-lineitems__2": 1,
		"get-invoice-unbilled-recon-lineitems__1": 2, "get-invoice-unbilled-recon-lineitems__2": 1,
		"get-invoiceline-items__1": 2, "get-invoiceline-items__2": 2, "get-invoiceline-items__3": 2, "get-invoiceline-items__4": 2,
		"get-invoiceline-items__5": 1, "get-prices-for-microsoft-azure-partner-shared-services__1": 3, "get-prices-for-microsoft-azure__1": 3,
	}
	for name, rows := range want {
		r := readFile(t, shared(t, "partner-center-json", name+".json"))
		if len(r.rows) != rows || len(r.faults) > 0 {
			t.Errorf("%s: %d rows, want %d, faults %v", name, len(r.rows), rows, r.faults)
		}
	}
	r := readFile(t, shared(t, "partner-center-json", "get-invoice-unbilled-recon-lineitems__1.json"))
	has(t, r.rows[1], map[string]string{"customer_id": "d7f565f5-5367-492f-a465-9e2057c5e3c3", "charge_start": "2019-02-04", "reseller_mpn_id": "", "invoice_number": ""})
}

func TestFocusFiles(t *testing.T) {
	t.Parallel()
	r := readFile(t, shared(t, "focus", "focus_1.0_sample_1000.csv"))
	if len(r.rows) != 1000 || len(r.faults) > 0 {
		t.Fatalf("%d rows, faults %v", len(r.rows), r.faults)
	}
	equalTexts(t, "unknown", notes(r, NoteUnknown), "Id")
	if !slices.Contains(notes(r, NoteMended), "ChargePeriodStart") || !slices.Contains(notes(r, NoteMended), "Tags") {
		t.Error("mended NULL and times are not told")
	}
	examples, err := filepath.Glob(filepath.Join(filepath.Dir(shared(t, "focus", "x")), "spec-1.2__*.csv"))
	if err != nil || len(examples) != 26 {
		t.Fatalf("%d examples, %v", len(examples), err)
	}
	for _, path := range examples {
		// The examples without a currency cannot be billed and are refused for it alone; all others give rows.
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(content), "BillingCurrency") {
			if r := readFile(t, path); len(r.rows) == 0 || len(r.faults) > 0 {
				t.Errorf("%s: %d rows, faults %v", path, len(r.rows), r.faults)
			}
			continue
		}
		_, err = Inspect(t.Context(), path)
		var e *errs.Error
		if !errors.As(err, &e) || e.Code != CodeColumns || len(e.Fields) != 1 || !strings.HasSuffix(e.Fields[0].Place, ":1:BillingCurrency") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestEnterpriseExports(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		rows int
		set  string
	}{
		"EA_ActualCost_Small.csv":    {11, "cost|cost-export|period|8611537|2023-09"},
		"EA_AmortizedCost_Small.csv": {28, "cost|cost-export-amortized|period|8611537|2023-09"},
	} {
		r := readFile(t, shared(t, "finops-toolkit", name))
		if len(r.rows) != want.rows || len(r.faults) > 0 || r.sets[0] != want.set {
			t.Errorf("%s: %d rows of %s, faults %v", name, len(r.rows), r.sets[0], r.faults)
		}
	}
	r := readFile(t, shared(t, "finops-toolkit", "EA_ActualCost_Small.csv"))
	has(t, r.rows[0], map[string]string{
		"billed_cost": "3.25", "charge_category": "Purchase", "charge_start": "2023-09-21", "billing_period_end": "2023-10-01",
		"sub_account_id": "1caaa5a3-2b66-438e-8ab4-bce37d518c5d", "pricing_category": "Reservation",
	})
}
