package cli_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chandler-csp/chandler/internal/synth"
)

// operation is a command that changes a data folder, and what makes the folder that it finds.
type operation struct {
	before   [][]string
	words    []string
	least    int  // steps that it announces
	oneByOne bool // it does several things, each for itself
}

const (
	lines    = "testdata/small/recon_G300000001.csv"
	document = "testdata/small/invoice_G300000001.json"
)

// operations are the changes that must survive a kill. Amounts before and after differ, so that a half shows.
func operations(t *testing.T) map[string]operation {
	t.Helper()
	dir := t.TempDir()
	whole, fewer, rule, address := filepath.Join(dir, "month"), filepath.Join(dir, "recon_G300000001.csv"), filepath.Join(dir, "rule.json"), filepath.Join(dir, "address.json")
	m, err := synth.New(synth.Random(3))
	if err != nil {
		t.Fatal(err)
	}
	if err := writeMonth(m, whole, false); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(lines)
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.SplitAfter(string(content), "\n")
	for path, text := range map[string]string{
		fewer:   rows[0] + rows[1] + rows[2],
		rule:    `{"id": "ten", "select": {}, "base": "cost", "operations": [{"percent": "10"}]}`,
		address: `{"party": {"address": {"street": "Weg 1", "city": "Bonn", "postalCode": "53111", "country": "DE"}, "vatId": "DE123456789"}}`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	run := []string{"bill", "run", "--period", "2026-03"}
	taken := []string{"import", lines, document}
	return map[string]operation{
		"a first import":          {words: []string{"import", whole}, least: 20},
		"an import that replaces": {before: [][]string{taken}, words: []string{"import", fewer}, least: 7},
		"a first run":             {before: [][]string{taken}, words: run, least: 5},
		"a run with other rules":  {before: [][]string{taken, run, {"price", "rule", "add", "--file", rule}}, words: run, least: 5},
		"an invoice that is issued": {words: []string{"invoice", "issue", "--period", "2026-03"}, least: 9, oneByOne: true, before: [][]string{
			taken,
			{"seller", "set", "--file", "testdata/small/seller.json"},
			{"customer", "set", "Müller & Söhne GmbH", "--file", address},
			{"customer", "set", "Εταιρεία ΑΕ", "--file", address},
			{"customer", "set", "株式会社サンプル", "--file", address},
			run,
			{"invoice", "approve", "--period", "2026-03"},
		}},
	}
}

// TestKilledAtEveryStep ends the program at every step that a change announces. The next start finds the folder as if
// the change had never begun, or as if it had ended, with no file left over; done again, it gives the same.
func TestKilledAtEveryStep(t *testing.T) {
	t.Parallel()
	for name, op := range operations(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFolder(t)
			f.here(0, "invoice", "list")
			for _, words := range op.before {
				f.here(0, words...)
			}
			before, saved := f.state(), f.save()
			steps := f.steps(op.words...)
			after := f.state()
			if len(steps) < op.least || before == after {
				t.Fatalf("only the steps %q, or nothing changed", steps)
			}
			f.holdsNothingStray()
			ended := false
			for i, step := range steps {
				if !killAt(i) {
					continue
				}
				f.restore(saved)
				if code, stderr := f.killedAt(strconv.Itoa(i+1), op.words...); code != 137 {
					t.Fatalf("at %q: exit code %d\n%s", step, code, stderr)
				}
				ended = f.settled(step, before, after, ended, op)
			}
		})
	}
}

// settled checks the folder after a kill and does the operation again. Once a kill leaves it as if it had ended, every
// later one must.
func (f *folder) settled(step, before, after string, ended bool, op operation) bool {
	f.t.Helper()
	found := f.state()
	if found == after {
		ended = true
	} else if ended || !op.allows(before, found, after) {
		f.t.Errorf("killed at %q:\n%s", step, cmp.Diff(before, found))
	}
	f.holdsNothingStray()
	f.here(0, op.words...)
	if got := f.state(); got != after {
		f.t.Errorf("killed at %q and done again:\n%s", step, cmp.Diff(after, got))
	}
	f.holdsNothingStray()
	return ended
}

// allows says whether a folder may be found so: as it was or, of an operation that does several things, each of them as
// it was or as it is at the end.
func (op operation) allows(before, found, after string) bool {
	if !op.oneByOne {
		return found == before
	}
	was, is, got := strings.Split(before, "\n"), strings.Split(after, "\n"), strings.Split(found, "\n")
	for _, line := range got {
		if !slices.Contains(was, line) && !slices.Contains(is, line) {
			return false
		}
	}
	return len(got) == len(was)
}

// TestKilledWhileItMakesGood kills the start that finishes or undoes what an earlier kill left, at each of its steps.
func TestKilledWhileItMakesGood(t *testing.T) {
	t.Parallel()
	op := operations(t)["a first import"]
	for _, first := range []string{"staged", "announced"} {
		t.Run("after "+first, func(t *testing.T) {
			t.Parallel()
			f := newFolder(t)
			f.here(0, "invoice", "list")
			before := f.state()
			if code, _ := f.killedAt(first, op.words...); code != 137 {
				t.Fatalf("exit code %d", code)
			}
			saved := f.save()
			steps := f.steps("invoice", "list")
			want := f.state()
			if len(steps) < 5 || (first == "staged") != (want == before) {
				t.Fatalf("only the steps %q, or not settled as it should be", steps)
			}
			for i, step := range steps {
				if !killAt(i) {
					continue
				}
				f.restore(saved)
				if code, stderr := f.killedAt(strconv.Itoa(i+1), "invoice", "list"); code != 137 {
					t.Fatalf("at %q: exit code %d\n%s", step, code, stderr)
				}
				if got := f.state(); got != want {
					t.Errorf("killed at %q:\n%s", step, cmp.Diff(want, got))
				}
				f.holdsNothingStray()
			}
		})
	}
}

// TestKilledAtAnyMoment kills the program wherever it happens to be.
func TestKilledAtAnyMoment(t *testing.T) {
	t.Parallel()
	m, err := synth.New(synth.Demo())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "month")
	if err := writeMonth(m, dir, false); err != nil {
		t.Fatal(err)
	}
	for name, words := range map[string][]string{"an import": {"import", dir}, "a run": {"bill", "run", "--period", "2026-03"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFolder(t)
			f.here(0, "invoice", "list")
			if words[0] == "bill" {
				f.here(0, "import", dir)
			}
			before, saved := f.state(), f.save()
			start := time.Now()
			if out, err := f.process(words...).CombinedOutput(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			took := time.Since(start)
			after := f.state()
			r := rand.New(rand.NewPCG(7, uint64(len(words))))
			for range 4 {
				f.restore(saved)
				pause := time.Duration(r.Int64N(int64(took)))
				killedAfter(t, f, pause, words)
				if got := f.state(); got != before && got != after {
					t.Errorf("killed after %s:\n%s", pause, cmp.Diff(before, got))
				}
				f.holdsNothingStray()
				f.here(0, words...)
				if got := f.state(); got != after {
					t.Errorf("killed after %s and done again:\n%s", pause, cmp.Diff(after, got))
				}
			}
		})
	}
}

func killedAfter(t *testing.T, f *folder, pause time.Duration, words []string) {
	t.Helper()
	cmd := f.process(words...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(pause)
	_ = cmd.Process.Signal(syscall.SIGKILL) // it may have ended
	_ = cmd.Wait()                          // killed, or at its end
}
