package cli_test

import (
	"bytes"
	"database/sql"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite" // reads the records beside the program

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/cli"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// folder is a data folder under test.
type folder struct {
	t    *testing.T
	data string
}

func newFolder(t *testing.T) *folder {
	t.Helper()
	return &folder{t, filepath.Join(t.TempDir(), "data")}
}

// here runs a command in this process, and wants its exit code.
func (f *folder) here(want int, words ...string) string {
	f.t.Helper()
	var stdout, stderr bytes.Buffer
	code := cli.Run(f.t.Context(), cli.Environment{
		Args: append([]string{"--data", f.data}, words...), Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr, Now: time.Now,
	})
	if code != want {
		f.t.Fatalf("chandler %s: exit code %d, want %d\n%s%s", strings.Join(words, " "), code, want, &stdout, &stderr)
	}
	return stdout.String()
}

// process is a command of a process of its own.
func (f *folder) process(words ...string) *exec.Cmd {
	f.t.Helper()
	return exec.CommandContext(f.t.Context(), "chandler", append([]string{"--data", f.data}, words...)...)
}

// killedAt runs a command that ends at a step as if it were killed, and returns what it wrote to standard error.
func (f *folder) killedAt(step string, words ...string) (code int, stderr string) {
	f.t.Helper()
	cmd := f.process(words...)
	cmd.Env = append(os.Environ(), "CHANDLER_FAIL_AT="+step)
	var text bytes.Buffer
	cmd.Stderr = &text
	_ = cmd.Run() // the exit code tells
	return cmd.ProcessState.ExitCode(), text.String()
}

// steps lists the steps that a command announces while it runs to its end.
func (f *folder) steps(words ...string) []string {
	f.t.Helper()
	code, stderr := f.killedAt("list", words...)
	if code != 0 {
		f.t.Fatalf("chandler %s: exit code %d\n%s", strings.Join(words, " "), code, stderr)
	}
	var list []string
	for line := range strings.Lines(stderr) {
		if s, ok := strings.CutPrefix(strings.TrimSpace(line), "step: "); ok {
			list = append(list, s)
		}
	}
	return list
}

// save and restore keep a copy of the folder, and put it back in the same place.
func (f *folder) save() string {
	f.t.Helper()
	dir := f.t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(f.data)); err != nil {
		f.t.Fatal(err)
	}
	return dir
}

func (f *folder) restore(from string) {
	f.t.Helper()
	if err := os.RemoveAll(f.data); err != nil {
		f.t.Fatal(err)
	}
	if err := os.CopyFS(f.data, os.DirFS(from)); err != nil {
		f.t.Fatal(err)
	}
}

// state opens the folder, which makes good what a killed process left, and tells all that a person could see of it,
// without ids and times. A reconciliation that does not verify is a failure.
func (f *folder) state() string {
	f.t.Helper()
	var b strings.Builder
	f.opened(func(a *app.App) {
		ctx := f.t.Context()
		customers, err := a.Customers(ctx)
		f.ok(err)
		for _, c := range customers {
			fmt.Fprintln(&b, "customer", c.TenantID, c.Name, c.Origin)
		}
		invoices, err := a.Invoices(ctx, app.InvoiceFilter{})
		f.ok(err)
		for _, i := range invoices {
			v, err := a.Invoice(ctx, i.ID)
			f.ok(err)
			var issued app.Verification
			number := ""
			if i.Number != nil {
				number = *i.Number
				issued, err = a.VerifyInvoice(ctx, i.ID)
				f.ok(err)
			}
			fmt.Fprintln(&b, "invoice", i.Period, i.Customer.Name, i.Type, i.State, number, i.Net, i.Gross, i.Currency, len(v.Lines), issued.Checks, issued.Faults)
		}
		if len(invoices) > 0 {
			verified, err := a.ReconVerify(ctx, period.Month{})
			f.ok(err)
			if !verified.OK {
				f.t.Errorf("the reconciliation does not verify: %v", verified.Faults)
			}
		}
	})
	for _, d := range f.dataSets() {
		if d.current && d.table != "charge" {
			fmt.Fprintln(&b, "data set", d.name, d.version, d.hash, d.rows)
		}
	}
	list := strings.Split(b.String(), "\n")
	slices.Sort(list) // drafts of one customer stand in the order of their ids, which are new with every run
	return strings.Join(list, "\n")
}

func (f *folder) opened(do func(*app.App)) {
	f.t.Helper()
	a, err := app.Open(f.t.Context(), app.Options{Data: f.data, Now: time.Now})
	f.ok(err)
	do(a)
	f.ok(a.Close())
}

func (f *folder) ok(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Fatal(err)
	}
}

type dataSet struct {
	name, table, hash string
	version, rows     int64
	current           bool
	files             []string
}

// records opens the records beside the program, which is not running.
func (f *folder) records() *sql.DB {
	f.t.Helper()
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: filepath.Join(f.data, "records.db")}).EscapedPath())
	f.ok(err)
	return db
}

func (f *folder) dataSets() []dataSet {
	f.t.Helper()
	db := f.records()
	defer db.Close() //nolint:errcheck // read only
	rows, err := db.QueryContext(f.t.Context(), "SELECT name, lake_table, hash, version, row_count, in_force, body FROM data_sets ORDER BY name, version")
	f.ok(err)
	defer rows.Close() //nolint:errcheck // read to its end
	var list []dataSet
	for rows.Next() {
		var d dataSet
		var text string
		var body struct{ Files []string }
		f.ok(rows.Scan(&d.name, &d.table, &d.hash, &d.version, &d.rows, &d.current, &text))
		f.ok(json.Unmarshal([]byte(text), &body))
		d.files = body.Files
		list = append(list, d)
	}
	f.ok(rows.Err())
	return list
}

// holdsNothingStray wants the files of the folder to be those that the records name, and nothing to be under way.
func (f *folder) holdsNothingStray() {
	f.t.Helper()
	named, found := map[string]bool{}, map[string]bool{}
	for _, d := range f.dataSets() {
		for _, file := range d.files {
			named[file] = true
		}
	}
	iceberg := f.icebergFiles()
	lake := filepath.Join(f.data, "lake")
	f.ok(filepath.WalkDir(lake, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(lake, path)
		found[rel] = true
		if !named[rel] && !iceberg(d.Name()) {
			f.t.Errorf("%s is a stray", rel)
		}
		return err
	}))
	for file := range named {
		if !found[file] {
			f.t.Errorf("%s is missing", file)
		}
	}
	db := f.records()
	defer db.Close() //nolint:errcheck // read only
	var open int
	f.ok(db.QueryRowContext(f.t.Context(), "SELECT count(*) FROM intents WHERE state <> 'done'").Scan(&open))
	if open != 0 {
		f.t.Errorf("%d changes are still open", open)
	}
}

// manifestOf is what the names of a snapshot's list of manifests and of the manifests have in common.
var manifestOf = regexp.MustCompile(`([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-m[0-9]+)?\.avro$`)

// icebergFiles says which files of metadata are in force, by the tables' own current metadata.
func (f *folder) icebergFiles() func(name string) bool {
	f.t.Helper()
	db := f.records()
	defer db.Close() //nolint:errcheck // read only
	rows, err := db.QueryContext(f.t.Context(), "SELECT metadata_location FROM iceberg_tables")
	f.ok(err)
	defer rows.Close() //nolint:errcheck // read to its end
	var names, snapshots []string
	for rows.Next() {
		var location string
		f.ok(rows.Scan(&location))
		names = append(names, filepath.Base(location))
		u, err := url.Parse(location)
		f.ok(err)
		content, err := os.ReadFile(u.Path)
		f.ok(err)
		var meta struct {
			Snapshots []struct {
				List string `json:"manifest-list"`
			} `json:"snapshots"`
			Log []struct {
				File string `json:"metadata-file"`
			} `json:"metadata-log"`
		}
		f.ok(json.Unmarshal(content, &meta))
		for _, s := range meta.Snapshots {
			snapshots = append(snapshots, manifestOf.FindStringSubmatch(s.List)[1])
		}
		for _, l := range meta.Log {
			names = append(names, filepath.Base(l.File))
		}
	}
	f.ok(rows.Err())
	return func(name string) bool {
		m := manifestOf.FindStringSubmatch(name)
		return slices.Contains(names, name) || m != nil && slices.Contains(snapshots, m[1])
	}
}
