package lake

import (
	"os"
	"strings"
	"testing"
	"time"
)

func TestSQLTime(t *testing.T) {
	f := os.Getenv("SQLFILE")
	if f == "" {
		t.Skip("no SQLFILE")
	}
	e, err := openEngine(t.TempDir(), "1100MB", 2)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := os.ReadFile(f)
	for _, q := range strings.Split(string(b), ";;") {
		if strings.TrimSpace(q) == "" {
			continue
		}
		s := time.Now()
		if err := e.exec(t.Context(), q); err != nil {
			t.Log("ERR", err)
		}
		t.Logf("%6.2fs %.110s", time.Since(s).Seconds(), strings.ReplaceAll(q, "\n", " "))
	}
}

func TestPrintSQL(t *testing.T) {
	if os.Getenv("PRINTSQL") == "" {
		t.Skip("no PRINTSQL")
	}
	l := open0(t)
	_ = l
}

func open0(t *testing.T) *Lake { t.Skip(); return nil }
