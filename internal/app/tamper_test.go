package app_test

import (
	"database/sql"
	"encoding/base64"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// pixel is the smallest PNG: a logo.
const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// sealed is a billed month with an issued invoice, a credit note and payments, all of which verify.
func sealed(t *testing.T) (d *desk, number, note string) {
	t.Helper()
	logo, err := base64.StdEncoding.DecodeString(pixel)
	if err != nil {
		t.Fatal(err)
	}
	d = newDesk(t)
	d.file("logo.png", logo)
	d.seller(func(s *billing.Seller) { s.Logo = "logo.png" })
	d.rates(mar, "EUR", "1.2", "CHF", "1.25")
	d.rules(`{"id":"plus","base":"cost","operations":[{"percent":"10"}]}`)
	d.recon("G000000001", mar, acme("licence", "Plan", "3", "10.00"), acme("azure", "VM", "100", "0.5"))
	number = d.issue(d.draft(d.run(mar), "Acme").ID)
	row, err := d.credit(number)
	if err != nil {
		t.Fatal(err)
	}
	note = d.issue(row.ID)
	if _, err := d.pay(note, "-10.00", "back"); err != nil {
		t.Fatal(err)
	}
	d.verifies(mar)
	return d, number, note
}

// faults are those that any verification finds, and errors.
func (d *desk) faults(refs ...string) []string {
	d.Helper()
	var all []string
	for _, ref := range refs {
		v, err := d.app.VerifyInvoice(d.Context(), ref)
		if err != nil {
			all = append(all, err.Error())
		}
		all = append(all, v.Faults...)
	}
	v, err := d.app.ReconVerify(d.Context(), mar)
	if err != nil {
		all = append(all, err.Error())
	}
	return append(all, v.Faults...)
}

func TestAChangedByteOfAFileIsFound(t *testing.T) {
	t.Parallel()
	d, number, note := sealed(t)
	files := 0
	err := filepath.WalkDir(filepath.Join(d.dir, "data", "lake"), func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || filepath.Ext(path) != ".parquet" {
			return err
		}
		files++
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for i, at := range []int{10, len(content) / 2, len(content) - 20} {
			changed := append([]byte{}, content...)
			changed[at] ^= 1
			if err := rewrite(path, changed, time.Duration(i+1)*time.Hour); err != nil {
				return err
			}
			v, err := d.app.VerifyInvoice(t.Context(), number)
			found := d.faults(number, note)
			if err != nil || v.OK && len(found) == 0 || !strings.Contains(fmt.Sprint(found), filepath.Base(path)) {
				t.Errorf("byte %d of %s is changed: invoice %v %v, all %v", at, path, v.Faults, err, found)
			}
		}
		return rewrite(path, content, 9*time.Hour)
	})
	if err != nil || files < 4 {
		t.Fatalf("%d files, %v", files, err)
	}
	if found := d.faults(number, note); len(found) > 0 {
		t.Errorf("all put back: %v", found)
	}
}

// rewrite gives a file another content and time, so that nobody takes it for the one that they have read before.
func rewrite(path string, content []byte, ahead time.Duration) error {
	if err := os.WriteFile(path, content, 0o600); err != nil {
		return err
	}
	at := time.Now().Add(ahead)
	return os.Chtimes(path, at, at)
}

func TestAChangedRecordIsFound(t *testing.T) {
	t.Parallel()
	d, number, note := sealed(t)
	db, err := sql.Open("sqlite", "file:"+filepath.Join(d.dir, "data", "records.db")+"?_pragma=busy_timeout(10000)")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // a test's own connection
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ table, column, where string }{
		{"runs", "inputs", ""},
		{"runs", "rules", ""},
		{"runs", "parties", ""},
		{"runs", "charges", ""},
		{"runs", "totals", ""},
		{"runs", "result", ""},
		{"runs", "manifest", ""},
		{"runs", "signature", ""},
		{"invoices", "body", "number = '" + number + "'"},
		{"invoices", "body", "number = '" + note + "'"},
		{"invoices", "fingerprint", ""},
		{"invoice_lines", "body", ""},
		{"renderings", "sha256", "format = 'pdf'"},
		{"renderings", "sha256", "format = 'json'"},
		{"assets", "body", ""},
		{"price_rules", "body", ""},
		{"meta", "value", "name = 'signing-key'"},
	} {
		for range 2 {
			d.tamper(db, c.table, c.column, c.where, random, number, note)
		}
	}
	for _, change := range []string{
		"UPDATE invoices SET net = '1.00' WHERE number = '" + number + "'", "UPDATE invoices SET gross = '1.00' WHERE number = '" + number + "'",
		"UPDATE invoices SET state = 'paid' WHERE number = '" + note + "'", "UPDATE invoices SET paid = '-11.00' WHERE number = '" + note + "'",
		"UPDATE invoices SET buyer_name = 'Somebody' WHERE number = '" + number + "'", "UPDATE invoices SET due_on = '2030-01-01' WHERE number = '" + number + "'",
		"UPDATE runs SET findings = 7", "UPDATE payments SET amount = '-9.00'", "DELETE FROM payments", "DELETE FROM renderings WHERE format = 'ubl'",
		"DELETE FROM invoice_lines",
	} {
		d.changed(db, change, number, note)
	}
}

// changed makes a change, wants it found, and takes it back.
func (d *desk) changed(db *sql.DB, change string, refs ...string) {
	d.Helper()
	snapshot := filepath.Join(d.dir, "before.db")
	_ = os.Remove(snapshot)
	for _, q := range []string{"VACUUM INTO '" + snapshot + "'", change} {
		if _, err := db.ExecContext(d.Context(), q); err != nil {
			d.Fatal(q, err)
		}
	}
	if len(d.faults(refs...)) == 0 {
		d.Errorf("nobody finds: %s", change)
	}
	table := strings.Fields(strings.NewReplacer("UPDATE ", "", "DELETE FROM ", "").Replace(change))[0]
	for _, q := range []string{
		"ATTACH '" + snapshot + "' AS was", "PRAGMA foreign_keys = OFF", "DELETE FROM " + table,
		"INSERT INTO " + table + " SELECT * FROM was." + table, "DETACH was",
	} {
		if _, err := db.ExecContext(d.Context(), q); err != nil {
			d.Fatal(q, err)
		}
	}
	if found := d.faults(refs...); len(found) > 0 {
		d.Errorf("put back after %s: %v", change, found)
	}
}

// tamper changes one byte of one value, wants it found, and puts the value back.
func (d *desk) tamper(db *sql.DB, table, column, where string, random *rand.Rand, refs ...string) {
	d.Helper()
	if where == "" {
		where = "TRUE"
	}
	var row int64
	var value []byte
	if err := db.QueryRowContext(d.Context(), "SELECT rowid, "+column+" FROM "+table+" WHERE "+where+" LIMIT 1").Scan(&row, &value); err != nil {
		d.Fatal(table, column, err)
	}
	changed := append([]byte{}, value...)
	at := random.IntN(len(changed))
	if changed[at] == '7' {
		changed[at] = '8'
	} else {
		changed[at] = '7'
	}
	set := func(v []byte) {
		d.Helper()
		if _, err := db.ExecContext(d.Context(), "UPDATE "+table+" SET "+column+" = CAST(? AS "+kindOf(column)+") WHERE rowid = ?", v, row); err != nil {
			d.Fatal(table, column, err)
		}
	}
	set(changed)
	if len(d.faults(refs...)) == 0 {
		d.Errorf("nobody finds byte %d of %s.%s: %q for %q", at, table, column, changed[max(0, at-20):min(len(changed), at+20)], value[max(0, at-20):min(len(value), at+20)])
	}
	set(value)
}

func kindOf(column string) string {
	switch column {
	case "body", "fingerprint", "sha256":
		return "TEXT"
	}
	return "BLOB"
}
