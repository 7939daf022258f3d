package synth_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/synth"
)

func bulkOf(t *testing.T, rows int64, zip bool) synth.BulkResult {
	t.Helper()
	r, err := synth.Bulk(t.Context(), synth.BulkConfig{Rows: rows, Seed: 7, Period: period.MustMonth("2026-03"), Dir: t.TempDir(), Gzip: zip})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// bucketOf is where a row meets a line: plan, product, SKU, credit, month.
func bucketOf(r record, pec bool, start string) string {
	flag := "-"
	if pec {
		flag = "pec"
	}
	return strings.Join([]string{r["SubscriptionId"], r["ProductId"], r["SkuId"], r["AvailabilityId"], flag, start[:7]}, "|")
}

// TestBulkMonthIsConsistent reads the files again with nothing of the generator.
func TestBulkMonthIsConsistent(t *testing.T) {
	t.Parallel()
	r := bulkOf(t, 20_000, false)
	rows := readTable(t, r.Usage)
	if int64(len(rows)) != 20_000 || r.Rows != 20_000 {
		t.Fatalf("%d rows written, %d told, want 20000", len(rows), r.Rows)
	}
	checkBulkRows(t, rows)
	quantity, net, billed, byEnv := sumBulkRows(t, rows)
	var cost, total money.Decimal
	lines := readTable(t, pathOf(r.Files, "recon_"))
	for _, l := range lines {
		subtotal := number(t, l["Subtotal"])
		total = total.Add(number(t, l["Total"]))
		cost = cost.Add(subtotal)
		if l["SubscriptionDescription"] != "Azure plan" {
			continue
		}
		k := bucketOf(l, strings.Contains(l["PriceAdjustmentDescription"], "earned credit"), l["ChargeStartDate"])
		checkBulkLine(t, l, quantity[k], net[k], billed[k])
		delete(quantity, k)
	}
	if len(quantity) != 0 {
		t.Errorf("usage without a line: %v", quantity)
	}
	if int64(len(lines)) != r.Lines || !cost.Equal(r.Cost) || !total.Equal(r.Cost) {
		t.Errorf("%d lines of %s, total %s; told %d of %s", len(lines), cost, total, r.Lines, r.Cost)
	}
	for env, sum := range byEnv {
		if !sum.Equal(r.ByEnv[env]) {
			t.Errorf("usage of env %q: %s, told %s", env, sum, r.ByEnv[env])
		}
	}
	var w wireInvoice
	text, err := os.ReadFile(pathOf(r.Files, "invoice_"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &w); err != nil || w.Raw.String() != r.Cost.Plain() {
		t.Errorf("invoice of %s (%v), want %s", w.Raw, err, r.Cost)
	}
}

func pathOf(paths []string, prefix string) string {
	for _, path := range paths {
		if strings.HasPrefix(filepath.Base(path), prefix) {
			return path
		}
	}
	return ""
}

// checkBulkRows recomputes each row from its own cells (D02, D04).
func checkBulkRows(t *testing.T, rows []record) {
	t.Helper()
	var late, covered, tiered, credited int
	for i, r := range rows {
		q, net, eup := number(t, r["Quantity"]), number(t, r["PricingPreTaxTotal"]), number(t, r["EffectiveUnitPrice"])
		want := net.MulExact(number(t, r["PCToBCExchangeRate"])).Round(money.HalfEven, 15)
		if got := number(t, r["BillingPreTaxTotal"]); !got.Equal(want) {
			t.Fatalf("row %d bills %s, want %s", i+2, got, want)
		}
		if off := eup.MulExact(q).Sub(net).Abs(); off.Cmp(money.New(1, -15)) > 0 {
			t.Fatalf("row %d: %s x %s is not %s", i+2, eup, q, net)
		}
		list := number(t, r["UnitPrice"])
		if r["PartnerEarnedCreditPercentage"] == "15" {
			credited++
			list = list.MulExact(money.MustParse("0.85"))
		}
		switch {
		case r["BenefitType"] == "SavingsPlan":
			covered++
			if !net.IsZero() || !eup.IsZero() || r["BenefitOrderId"] == "" {
				t.Fatalf("row %d is covered and costs %s", i+2, net)
			}
		case !list.Equal(eup):
			tiered++
		}
		if r["UsageDate"] < "2026-03" {
			late++
		}
	}
	if late == 0 || covered == 0 || tiered == 0 || credited == 0 {
		t.Errorf("%d late, %d covered, %d blended, %d credited rows: want some of each", late, covered, tiered, credited)
	}
}

func sumBulkRows(t *testing.T, rows []record) (quantity, net, billed, byEnv map[string]money.Decimal) {
	t.Helper()
	quantity, net, billed, byEnv = map[string]money.Decimal{}, map[string]money.Decimal{}, map[string]money.Decimal{}, map[string]money.Decimal{}
	for _, r := range rows {
		b := number(t, r["BillingPreTaxTotal"])
		var tags struct{ Env string }
		if r["Tags"] != "" {
			if err := json.Unmarshal([]byte(r["Tags"]), &tags); err != nil {
				t.Fatal(err)
			}
		}
		byEnv[tags.Env] = byEnv[tags.Env].Add(b)
		if r["BenefitType"] == "SavingsPlan" {
			continue
		}
		k := bucketOf(r, r["PartnerEarnedCreditPercentage"] == "15", r["UsageDate"])
		quantity[k] = quantity[k].Add(number(t, r["Quantity"]))
		net[k] = net[k].Add(number(t, r["PricingPreTaxTotal"]))
		billed[k] = billed[k].Add(b)
	}
	return quantity, net, billed, byEnv
}

// checkBulkLine holds a line against its usage: quantity, and both truncations (B1, D05).
func checkBulkLine(t *testing.T, l record, quantity, net, billed money.Decimal) {
	t.Helper()
	td := func(x money.Decimal) money.Decimal { return x.Round(money.HalfEven, 9).Round(money.Down, 2) }
	q, eup, fx, subtotal := number(t, l["BillableQuantity"]), number(t, l["EffectiveUnitPrice"]), number(t, l["PCToBCExchangeRate"]), number(t, l["Subtotal"])
	if !q.Equal(quantity) {
		t.Errorf("a line of %s has quantity %s, its usage %s", l["SkuName"], q, quantity)
	}
	if want := td(td(net).MulExact(fx)); !subtotal.Equal(want) {
		t.Errorf("a line of %s costs %s, its usage %s", l["SkuName"], subtotal, want)
	}
	if want := td(td(eup.MulExact(q)).MulExact(fx)); !subtotal.Equal(want) {
		t.Errorf("a line of %s costs %s, its own numbers give %s", l["SkuName"], subtotal, want)
	}
	bound := fx.Add(money.FromInt(1)).MulExact(money.New(1, -2))
	if off := billed.Sub(subtotal); off.Cmp(money.New(-1, -9)) < 0 || off.Cmp(bound) >= 0 {
		t.Errorf("a line of %s is %s away from its usage", l["SkuName"], off)
	}
}

func TestBulkMonthsRepeat(t *testing.T) {
	t.Parallel()
	plain, again, zipped := bulkOf(t, 9_000, false), bulkOf(t, 9_000, false), bulkOf(t, 9_000, true)
	for i, path := range plain.Files {
		a, b := readFile(t, path), readFile(t, again.Files[i])
		if !bytes.Equal(a, b) {
			t.Errorf("%s differs from itself", filepath.Base(path))
		}
	}
	zip, err := gzip.NewReader(bytes.NewReader(readFile(t, zipped.Usage)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(zip)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(text, readFile(t, plain.Usage)) {
		t.Error("the compressed rows are not the plain ones")
	}
}

func readFile(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestBulkMonthsHaveExactlyTheRowsAskedFor(t *testing.T) {
	t.Parallel()
	for _, rows := range []int64{1, 2, 3, 100, 4_999, 10_001} {
		if r := bulkOf(t, rows, false); r.Rows != rows {
			t.Errorf("%d rows, want %d", r.Rows, rows)
		}
	}
}

func TestBulkStopsWhenItIsTold(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	cfg := synth.BulkConfig{Rows: 1_000_000, Seed: 1, Period: period.MustMonth("2026-03"), Dir: t.TempDir(), Progress: func(int64, int64) { stop() }}
	if _, err := synth.Bulk(ctx, cfg); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that it was cancelled", err)
	}
	if _, err := synth.Bulk(t.Context(), synth.BulkConfig{}); !errors.Is(err, errs.Invalid) {
		t.Errorf("error of an empty configuration: %v, want an invalid one", err)
	}
}

func BenchmarkBulk(b *testing.B) {
	for b.Loop() {
		if _, err := synth.Bulk(b.Context(), synth.BulkConfig{Rows: 200_000, Seed: 1, Period: period.MustMonth("2026-03"), Dir: b.TempDir()}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(200_000*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
