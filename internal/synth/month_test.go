package synth_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/synth"
)

// record is a row of a CSV by its column, however the file spells it.
type record map[string]string

// canonical gives a column its usual name.
func canonical(name string) string {
	for _, c := range []string{
		"CustomerId", "InvoiceNumber", "SubscriptionId", "ProductId", "SkuId", "AvailabilityId", "Subtotal", "TaxTotal", "Total",
		"Currency", "BillingPreTaxTotal", "PricingPreTaxTotal", "Quantity", "BillableQuantity", "EffectiveUnitPrice", "PCToBCExchangeRate",
	} {
		if strings.EqualFold(c, name) {
			return c
		}
	}
	return name
}

func readTable(t *testing.T, path string) []record {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\ufeff")))).ReadAll()
	if err != nil {
		t.Fatal(path, err)
	}
	var out []record
	for _, row := range rows[1:] {
		r := record{}
		for i, cell := range row {
			r[canonical(rows[0][i])] = cell
		}
		out = append(out, r)
	}
	return out
}

// number reads either locale.
func number(t *testing.T, text string) money.Decimal {
	t.Helper()
	if strings.Contains(text, ".") {
		text = strings.ReplaceAll(text, ",", "")
	}
	d, err := money.Parse(strings.ReplaceAll(text, ",", "."))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func make1(t *testing.T, c synth.Config) (*synth.Month, synth.Files) {
	t.Helper()
	m, err := synth.New(c)
	if err != nil {
		t.Fatal(err)
	}
	f, err := m.Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return m, f
}

// read are all rows of the files that a pattern matches.
func read(t *testing.T, paths []string, prefix string) []record {
	t.Helper()
	var out []record
	for _, path := range paths {
		if strings.HasPrefix(filepath.Base(path), prefix) {
			out = append(out, readTable(t, path)...)
		}
	}
	return out
}

type wireInvoice struct {
	ID         string
	Raw        json.Number `json:"totalCharges"`
	AmendsOf   string
	Amendments []wireInvoice
}

// configs are the demonstration and a few random months.
func configs() []synth.Config {
	list := []synth.Config{synth.Demo()}
	for seed := range uint64(6) {
		list = append(list, synth.Random(seed))
	}
	return list
}

func TestDocumentsAreTheSumOfTheirLines(t *testing.T) {
	t.Parallel()
	for _, c := range configs() {
		m, f := make1(t, c)
		sums, invoices := map[string]money.Decimal{}, map[string]bool{}
		for _, r := range read(t, f.CSV(), "recon_") {
			total := number(t, r["Total"])
			if off := total.Sub(number(t, r["Subtotal"])).Sub(number(t, r["TaxTotal"])); !off.IsZero() {
				t.Errorf("seed %d: subtotal and tax of a line are %s from its total", c.Seed, off)
			}
			sums[r["InvoiceNumber"]] = sums[r["InvoiceNumber"]].Add(total)
		}
		for _, path := range f.CSV() {
			if !strings.HasPrefix(filepath.Base(path), "invoice_") {
				continue
			}
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var w wireInvoice
			if err := json.Unmarshal(text, &w); err != nil {
				t.Fatal(err)
			}
			for _, doc := range append(w.Amendments, w) {
				invoices[doc.ID] = true
				if want := number(t, doc.Raw.String()); !sums[doc.ID].Equal(want) {
					t.Errorf("seed %d: document %s says %s, its lines %s", c.Seed, doc.ID, want, sums[doc.ID])
				}
			}
		}
		for n := range sums {
			if !invoices[n] {
				t.Errorf("seed %d: lines of %s have no document", c.Seed, n)
			}
		}
		if len(m.Expected.Invoices) != 2 {
			t.Errorf("seed %d: %d invoices expected, want 2", c.Seed, len(m.Expected.Invoices))
		}
	}
}

func TestExpectedTotalsAreThoseOfTheFiles(t *testing.T) {
	t.Parallel()
	for _, c := range configs() {
		m, f := make1(t, c)
		costs := map[string]money.Decimal{}
		for _, r := range read(t, f.CSV(), "recon_") {
			k := strings.ToLower(r["CustomerId"]) + r["Currency"]
			costs[k] = costs[k].Add(number(t, r["Subtotal"]))
		}
		if len(costs) != len(m.Expected.Customers) {
			t.Errorf("seed %d: the files have %d customers by currency, %d are expected", c.Seed, len(costs), len(m.Expected.Customers))
		}
		for _, e := range m.Expected.Customers {
			if got := costs[e.TenantID+string(e.Currency)]; !got.Equal(e.Cost) {
				t.Errorf("seed %d: %s costs %s %s, expected %s", c.Seed, e.Name, got, e.Currency, e.Cost)
			}
		}
		billed := map[bool]money.Decimal{}
		usage := read(t, f.CSV(), "daily_rated_")
		for _, r := range usage {
			billed[true] = billed[true].Add(number(t, r["BillingPreTaxTotal"]))
		}
		for _, b := range m.Expected.Rounding {
			billed[false] = billed[false].Add(b.Variance)
		}
		for _, l := range m.Expected.Lines {
			if l.Mode == synth.ModeUsage {
				billed[false] = billed[false].Add(l.Cost)
			}
		}
		if !billed[true].Equal(billed[false]) || len(usage) != m.Expected.UsageRows {
			t.Errorf("seed %d: usage of %s in %d rows; lines and rounding sum to %s, %d rows expected", c.Seed, billed[true], len(usage),
				billed[false], m.Expected.UsageRows)
		}
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	t.Parallel()
	for _, c := range configs()[:3] {
		_, a := make1(t, c)
		_, b := make1(t, c)
		for i, path := range slices.Concat(a.CSV(), a.UsageJSONL, a.Manifests) {
			one, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			other, err := os.ReadFile(slices.Concat(b.CSV(), b.UsageJSONL, b.Manifests)[i])
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(one, other) {
				t.Errorf("seed %d: %s differs from itself", c.Seed, filepath.Base(path))
			}
		}
	}
}

func TestSeedsMakeDifferentMonths(t *testing.T) {
	t.Parallel()
	seen := map[string]uint64{}
	for _, c := range configs() {
		m, err := synth.New(c)
		if err != nil {
			t.Fatal(err)
		}
		k := m.Expected.Totals[0].Cost.String() + m.Expected.Totals[1].Cost.String()
		if other, twice := seen[k]; twice {
			t.Errorf("seeds %d and %d make the same month", c.Seed, other)
		}
		seen[k] = c.Seed
	}
}

func TestDemonstrationHoldsEverything(t *testing.T) {
	t.Parallel()
	m, f := make1(t, synth.Demo())
	if n := m.Expected.UsageRows; n < 3000 || n > 6000 {
		t.Errorf("%d usage rows, want 3000 to 6000", n)
	}
	kinds, types, modes := map[string]bool{}, map[string]bool{}, map[synth.Mode]bool{}
	negative, zero := false, false
	for _, l := range m.Expected.Lines {
		kinds[l.Category], types[l.ChargeType], modes[l.Mode] = true, true, true
		negative, zero = negative || l.Cost.Sign() < 0, zero || l.Cost.IsZero()
	}
	for _, want := range []string{"Azure plan", "licence", "reservation", "savings plan", "software", "perpetual", "third party", "credit"} {
		if !kinds[want] {
			t.Errorf("no line of kind %s", want)
		}
	}
	for _, want := range []string{"new", "renew", "cycleCharge", "addQuantity", "removeQuantity", "cancelImmediate", "convert", "moveQuantity", "changeBillingPlan", "customerCredit"} {
		if !types[want] {
			t.Errorf("no line of charge type %s", want)
		}
	}
	if !modes[synth.ModeUnit] || !modes[synth.ModeLine] || !negative || !zero {
		t.Errorf("modes %v, negative lines %v, zero lines %v: want unit, line and both", modes, negative, zero)
	}
	if len(f.UsageCSV) != 2 || len(f.UsageJSONL) != 2 || len(f.Manifests) != 2 || len(f.Shared) < 9 {
		t.Errorf("files: %+v", f)
	}
}
