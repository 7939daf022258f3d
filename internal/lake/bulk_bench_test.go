package lake_test

import (
	"os"
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/lake"
)

// TestBulkTimes prints how long a large usage file takes, for tuning by hand: CHANDLER_BULK_CSV names the file.
func TestBulkTimes(t *testing.T) {
	path := os.Getenv("CHANDLER_BULK_CSV")
	if path == "" {
		t.Skip("CHANDLER_BULK_CSV is not set: nothing large to time")
	}
	l := open(t)
	start := time.Now()
	r, err := l.Import(t.Context(), []string{path})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("import", time.Since(start), r.Files[0].Bulk, r.Files[0].Rows)
	s, err := l.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	start = time.Now()
	n := 0
	for _, err := range l.Groups(t.Context(), s, lake.GroupPick{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	t.Log("groups", time.Since(start), n)
	start = time.Now()
	c, err := l.CostByTag(t.Context(), s, "env")
	t.Log("cost by tag", time.Since(start), c, err)
}
