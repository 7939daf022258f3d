package lake_test

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"github.com/chandler-csp/chandler/internal/csp/dataset"
	"github.com/chandler-csp/chandler/internal/lake"
)

// memoryJournal is a journal for tests of the lake alone; the real one is held by the store's own suite.
type memoryJournal struct {
	mu      sync.Mutex
	intents []dataset.Intent
	sets    []dataset.DataSet
}

func (j *memoryJournal) Begin(_ context.Context, in dataset.Intent) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.intents = append(j.intents, in)
	return nil
}

func (j *memoryJournal) Advance(_ context.Context, in dataset.Intent) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i := range j.intents {
		if j.intents[i].ID == in.ID {
			j.intents[i].State, j.intents[i].Payload = in.State, in.Payload
		}
	}
	return nil
}

func (j *memoryJournal) OpenIntents(context.Context) ([]dataset.Intent, error) { return j.intents, nil }

func (j *memoryJournal) Finish(ctx context.Context, id string, sets []dataset.DataSet) error {
	for _, s := range sets {
		for i := range j.sets {
			if j.sets[i].Key == s.Key {
				j.sets[i].Current = false
			}
		}
		s.Current = true
		j.sets = append(j.sets, s)
	}
	return j.Abort(ctx, id)
}

func (j *memoryJournal) Abort(_ context.Context, id string) error {
	for i := range j.intents {
		if j.intents[i].ID == id {
			j.intents = append(j.intents[:i:i], j.intents[i+1:]...)
			return nil
		}
	}
	return nil
}

func (j *memoryJournal) CurrentDataSets(context.Context) ([]dataset.DataSet, error) {
	var out []dataset.DataSet
	for _, s := range j.sets {
		if s.Current {
			out = append(out, s)
		}
	}
	return out, nil
}

func (j *memoryJournal) DataSetVersions(_ context.Context, key string) ([]dataset.DataSet, error) {
	var out []dataset.DataSet
	for _, s := range j.sets {
		if s.Key == key {
			out = append(out, s)
		}
	}
	return out, nil
}

type options func(*lake.Config)

func open(t *testing.T, opts ...options) *lake.Lake {
	t.Helper()
	dir := t.TempDir()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "records.db")+"?_pragma=busy_timeout(5000)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	cfg := lake.Config{Dir: filepath.Join(dir, "lake"), Records: db, Dialect: "sqlite", Journal: &memoryJournal{}, Clock: time.Now}
	for _, o := range opts {
		o(&cfg)
	}
	l, err := lake.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func month(t *testing.T) string {
	t.Helper()
	root := os.Getenv("CHANDLER_TESTDATA")
	if root == "" {
		t.Skip("CHANDLER_TESTDATA is not set: the shared month is not checked here")
	}
	return filepath.Join(root, "data", "month-2026-03")
}

func files(t *testing.T, dir string, patterns ...string) []string {
	t.Helper()
	var out []string
	for _, p := range patterns {
		m, err := filepath.Glob(filepath.Join(dir, p))
		if err != nil || len(m) == 0 {
			t.Fatalf("%s: %v, %d files", p, err, len(m))
		}
		out = append(out, m...)
	}
	return out
}

func TestImportTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	paths := files(t, month(t), "*_US.csv", "nce*.csv", "fx*.csv", "recon*.csv", "invoice*.json", "daily*.csv")
	l := open(t)
	first, err := l.Import(t.Context(), paths)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range first.DataSets {
		t.Log(d.Key, d.Outcome, d.Rows, fmt.Sprint(d.Amounts))
	}
	for _, f := range first.Files {
		t.Log(f.Name, f.Bulk, f.Rows)
	}
	second, err := l.Import(t.Context(), paths)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range second.DataSets {
		if d.Outcome != lake.Unchanged {
			t.Errorf("%s is %s by a second import of the same files", d.Key, d.Outcome)
		}
	}
	for _, table := range l.Tables() {
		recorded, planned, err := l.Planned(t.Context(), table)
		if err != nil {
			t.Fatal(err)
		}
		if fmt.Sprint(recorded) != fmt.Sprint(planned) {
			t.Errorf("%s: records name %v, Iceberg plans %v", table, recorded, planned)
		}
	}
	s, err := l.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	lines := 0
	for _, err := range l.Lines(t.Context(), s, nil) {
		if err != nil {
			t.Fatal(err)
		}
		lines++
	}
	var rows int64
	for g, err := range l.Groups(t.Context(), s, lake.GroupPick{}) {
		if err != nil {
			t.Fatal(err)
		}
		rows += g.Rows
	}
	if lines != 104 || rows != 1491 {
		t.Errorf("%d lines and %d usage rows, want 104 and 1491", lines, rows)
	}
}
