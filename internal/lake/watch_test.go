package lake

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The driver hides the handle by which a statement's progress is asked for; this fails when a new version of it moves it.
func TestALongStatementTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	e, err := openEngine(dir, "500MB", 1)
	if err != nil {
		t.Fatal(err)
	}
	defer e.close() //nolint:errcheck // the test's own
	file := filepath.Join(dir, "rows.csv")
	out, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	const rows = 300_000
	for i := range rows {
		if _, err := fmt.Fprintf(out, "%d,some text that makes a row as long as rows are,%d\n", i, i); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
	var told []int64
	query := "COPY (SELECT *, md5(md5(column1 || column0)) FROM read_csv(" + quote(file) + ", header = false, parallel = false)) TO " + quote(filepath.Join(dir, "rows.parquet")) + " (FORMAT parquet)"
	if err := e.watched(t.Context(), query, rows, time.Millisecond, func(done int64) { told = append(told, done) }); err != nil {
		t.Fatal(err)
	}
	if len(told) == 0 {
		t.Fatal("nothing was told")
	}
	for i, n := range told {
		if n <= 0 || n > rows || i > 0 && n < told[i-1] {
			t.Errorf("told %v of %d", told, rows)
			break
		}
	}
}
