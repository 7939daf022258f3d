package app_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report"
)

// checker finds a validator's script, or skips where it is not installed; in CI that is a failure.
func checker(t *testing.T, name string) string {
	t.Helper()
	build := os.Getenv("CHANDLER_" + strings.ToUpper(name) + "_BUILD")
	if build == "" {
		build = "../../.build/" + name
	}
	if _, err := os.Stat(filepath.Join(build, "stamp")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("the validator is not installed: run test/%s/setup.sh", name)
		}
		t.Skipf("the validator is not installed: run test/%s/setup.sh", name)
	}
	return "../../test/" + name + "/validate.sh"
}

// TestAQuarterOfDocuments holds everything that leaves the house after three generated months against the rules that
// others published, by both policies of corrections and of negative totals.
func TestAQuarterOfDocuments(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		seed   uint64
		policy func(*billing.Seller)
	}{"on the next invoice": {103, carryForward}, "by credit note": {102, byCreditNote}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := billQuarter(t, c.seed, c.policy)
			g.hasEvery(billing.KindCharge, billing.KindMinimumFee, billing.KindService, billing.KindCorrection)
			t.Run("add up in FOCUS", func(t *testing.T) { g.checkFocus(t) })
			t.Run("balance in the journal", func(t *testing.T) { g.checkJournal(t) })
			t.Run("are the same bytes in another process", func(t *testing.T) { g.checkBytes(t) })
			t.Run("verify", func(t *testing.T) { g.checkVerified(t) })
			t.Run("fulfil the e-invoice rules", func(t *testing.T) { g.checkEInvoices(t) })
			if name == "on the next invoice" { // the slowest of the checks, once: carried balances and corrections are here
				t.Run("fulfil the FOCUS rules", func(t *testing.T) { g.checkFocusRules(t) })
			}
		})
	}
}

// checkEInvoices gives all documents to one run of the validator.
func (g *generated) checkEInvoices(t *testing.T) {
	if os.Getenv("CHANDLER_TESTDATA") == "" {
		t.Skip("CHANDLER_TESTDATA is not set: the published schematron rules are not at hand")
	}
	script := checker(t, "einvoice")
	folder := t.TempDir()
	names := map[string]string{}
	for _, row := range mustInvoices(g.desk) {
		files, err := g.app.ExportInvoices(t.Context(), []string{row.ID}, row.Period, "ubl")
		if err != nil {
			t.Fatal(err)
		}
		if len(files[0].Warnings) > 0 {
			t.Errorf("%s: %v", files[0].Name, files[0].Warnings)
		}
		names[row.ID] = fmt.Sprintf("%s of %s, %s", files[0].Name, row.Customer.Name, row.Period)
		if err := os.WriteFile(filepath.Join(folder, row.ID+".xml"), files[0].Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var stderr strings.Builder
	cmd := exec.CommandContext(t.Context(), script, folder)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("validator: %v\n%s", err, stderr.String())
	}
	if want := fmt.Sprintf("\n%d documents, ", len(names)); !strings.Contains("\n"+string(out), want) {
		t.Fatalf("the validator did not read %d documents:\n%s", len(names), out)
	}
	for l := range strings.Lines(string(out)) {
		if f := strings.Split(strings.TrimSpace(l), "\t"); len(f) == 6 {
			t.Errorf("%s: %s (%s) %s: %s", names[strings.TrimSuffix(f[0], ".xml")], f[3], f[2], f[4], f[5])
		}
	}
}

// focus exports the three months and returns all rows by column, and the text with one header.
func (g *generated) focus(t *testing.T) (rows []map[string]string, text string) {
	t.Helper()
	for i, m := range g.months {
		var b bytes.Buffer
		if _, err := g.app.ExportFocus(t.Context(), m, "", &b); err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			text = b.String()
		} else {
			_, rest, _ := strings.Cut(b.String(), "\n")
			text += rest
		}
	}
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		row := map[string]string{}
		for i, v := range record {
			row[records[0][i]] = v
		}
		rows = append(rows, row)
	}
	return rows, text
}

func (g *generated) checkFocusRules(t *testing.T) {
	script := checker(t, "focus")
	_, text := g.focus(t)
	file := filepath.Join(t.TempDir(), "focus.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), script, file).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "=== Validation Results ===") {
		_, failures, _ := strings.Cut(string(out), "--- Failures ---")
		t.Errorf("the validator found faults: %v\n%s", err, failures)
	}
}

// checkFocus holds the rules of A8: what is billed on an invoice is its payable, price x quantity is the cost, and a
// correction is a charge of a period that was invoiced before.
func (g *generated) checkFocus(t *testing.T) {
	rows, _ := g.focus(t)
	billed, corrections := map[string]decimal{}, 0
	for i, row := range rows {
		billed[row["InvoiceId"]] = billed[row["InvoiceId"]].Add(dec(row["BilledCost"]))
		for _, side := range []string{"List", "Contracted"} {
			price, quantity := row[side+"UnitPrice"], row["PricingQuantity"]
			if (price == "") != (quantity == "") {
				t.Errorf("row %d: %s unit price %q, quantity %q", i, side, price, quantity)
			}
			if price != "" && !dec(price).MulExact(dec(quantity)).Equal(dec(row[side+"Cost"])) {
				t.Errorf("row %d: %s x %s is not %s", i, price, quantity, row[side+"Cost"])
			}
		}
		if row["ChargeClass"] == "Correction" {
			corrections++
		}
	}
	for _, row := range mustInvoices(g.desk) {
		number := *row.Number
		if !billed[number].Equal(row.Gross) {
			t.Errorf("%s: billed %s in FOCUS, %s on the document", number, billed[number], row.Gross)
		}
		delete(billed, number)
	}
	if len(billed) > 0 || corrections == 0 {
		t.Errorf("documents that are none: %v; %d corrections", billed, corrections)
	}
}

// checkJournal wants debits to equal credits by document and currency, and the receivable to be the gross.
func (g *generated) checkJournal(t *testing.T) {
	type key struct {
		number   string
		currency moneyCurrency
	}
	left, receivable := map[key]decimal{}, map[string]decimal{}
	for _, m := range g.months {
		entries, err := g.app.JournalEntries(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			k := key{e.Number, e.Currency}
			left[k] = left[k].Add(e.Debit).Sub(e.Credit)
			if e.Debit.Sign() < 0 || e.Credit.Sign() < 0 || e.Debit.IsZero() == e.Credit.IsZero() {
				t.Errorf("posting of %s and %s", e.Debit, e.Credit)
			}
			if e.Account == "accounts-receivable" {
				receivable[e.Number] = receivable[e.Number].Add(e.Debit).Sub(e.Credit)
			}
		}
	}
	for k, sum := range left {
		if !sum.IsZero() {
			t.Errorf("%s: debits and credits are %s %s apart", k.number, sum, k.currency)
		}
	}
	for _, row := range mustInvoices(g.desk) {
		if !receivable[*row.Number].Equal(row.Gross) {
			t.Errorf("%s: receivable %s, gross %s", *row.Number, receivable[*row.Number], row.Gross)
		}
	}
}

// checkBytes renders all documents twice here and once in another process, which opens the folder anew.
func (g *generated) checkBytes(t *testing.T) {
	first := g.hashes(t)
	if second := g.hashes(t); first != second {
		t.Error("the same documents have other bytes the second time")
	}
	if err := g.app.Close(); err != nil {
		t.Fatal(err)
	}
	defer g.open()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHashesOfAFolder$", "-test.v")
	cmd.Env = append(os.Environ(), "CHANDLER_TEST_FOLDER="+g.dir, "TZ=Pacific/Auckland", "LC_ALL=C", "GOMAXPROCS=1")
	out, err := cmd.CombinedOutput()
	if err != nil || !strings.Contains(string(out), first) {
		t.Errorf("another process gives other bytes than %s: %v\n%s", first, err, out)
	}
}

// TestHashesOfAFolder is the other process of checkBytes.
func TestHashesOfAFolder(t *testing.T) {
	dir := os.Getenv("CHANDLER_TEST_FOLDER")
	if dir == "" {
		t.Skip("runs only as the other process of TestAQuarterOfDocuments")
	}
	d := &desk{T: t, dir: dir}
	d.on("2026-08-01")
	d.open()
	t.Log((&generated{desk: d}).hashes(t))
	if err := d.app.Close(); err != nil {
		t.Error(err)
	}
}

// hashes is a hash over all renderings of all documents.
func (g *generated) hashes(t *testing.T) string {
	t.Helper()
	h := sha256.New()
	for _, row := range mustInvoices(g.desk) {
		for _, f := range report.Formats() {
			files, err := g.app.ExportInvoices(t.Context(), []string{row.ID}, row.Period, string(f))
			if err != nil {
				t.Fatal(err)
			}
			h.Write(fmt.Appendf(nil, "%s %d\n", files[0].Name, len(files[0].Data)))
			h.Write(files[0].Data)
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// checkVerified verifies some documents of each kind: each one is a whole month done again.
func (g *generated) checkVerified(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range mustInvoices(g.desk) {
		v := g.show(row.ID)
		kind := fmt.Sprintf("%s %s %s %t %t", row.Period, row.Type, v.Run, v.Corrects != nil, v.Lines[0].CorrectsLine > 0)
		if seen[kind] {
			continue
		}
		seen[kind] = true
		if r, err := g.app.VerifyInvoice(t.Context(), row.ID); err != nil || !r.OK {
			t.Errorf("%s of %s: %v %v", *row.Number, row.Customer.Name, r.Faults, err)
		}
	}
	for _, m := range g.months {
		if r, err := g.app.ReconVerify(t.Context(), m); err != nil || !r.OK {
			t.Errorf("%s: %v %v", m, r.Faults, err)
		}
	}
}
