package cli

import (
	"strings"
	"testing"
	"time"
)

// ticking is a progress whose clock the test moves.
type ticking struct {
	*progress
	text strings.Builder
	at   time.Time
}

func newTicking(terminal bool) *ticking {
	k := &ticking{at: time.Date(2026, 4, 9, 10, 0, 0, 0, time.UTC)}
	k.progress = &progress{w: &k.text, terminal: terminal, now: func() time.Time { return k.at }, width: func() int { return 60 }}
	return k
}

// after moves the clock and tells rows of a file of 1,000,000.
func (k *ticking) after(d time.Duration, done int64) {
	k.at = k.at.Add(d)
	k.update("import usage.csv", done, 1_000_000, "rows")
}

func TestATerminalShowsRowsRateAndTimeLeftOnOneLine(t *testing.T) {
	t.Parallel()
	k := newTicking(true)
	k.after(0, 0)
	k.after(50*time.Millisecond, 10_000) // too soon to write again
	k.after(1950*time.Millisecond, 250_000)
	k.after(2*time.Second, 1_000_000)
	k.done()
	want := "\r\033[Kimport usage.csv: 0 rows (0 %)" +
		"\r\033[Kimport usage.csv: 250,000 rows, 125,000/s, 6s left (25 %)" +
		"\r\033[Kimport usage.csv: 1,000,000 rows, 250,000/s (100 %)" +
		"\r\033[K"
	if got := k.text.String(); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestAPipeGetsPlainLinesNowAndThen(t *testing.T) {
	t.Parallel()
	k := newTicking(false)
	k.after(0, 0)
	k.after(900*time.Millisecond, 100_000) // short work needs no line
	k.after(1100*time.Millisecond, 250_000)
	k.after(time.Second, 300_000) // less than five seconds later
	k.after(5*time.Second, 500_000)
	k.after(2*time.Second, 1_000_000)
	k.done()
	want := "import usage.csv: 250,000 rows, 125,000/s, 6s left (25 %)\n" +
		"import usage.csv: 500,000 rows, 62,500/s, 8s left (50 %)\n" +
		"import usage.csv: 1,000,000 rows, 100,000/s (100 %)\n"
	if got := k.text.String(); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

func TestAStageWithoutCountsIsItsName(t *testing.T) {
	t.Parallel()
	k := newTicking(true)
	k.update("read 2026-03", 0, 0, "rows")
	if got := k.text.String(); got != "\r\033[Kread 2026-03" {
		t.Errorf("got %q", got)
	}
}

func TestALongLineIsCutAtItsFront(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text  string
		width int
		want  string
	}{
		{"import usage.csv: 5 rows", 80, "import usage.csv: 5 rows"},
		{"import usage.csv: 5 rows", 12, "…sv: 5 rows"},
		{"import 使用量.csv: 5 rows", 18, "…用量.csv: 5 rows"},
		{"import usage.csv: 5 rows", 0, "import usage.csv: 5 rows"},
	} {
		if got := shortened(c.text, c.width); got != c.want || c.width > 0 && columns(got) >= c.width {
			t.Errorf("%q in %d columns: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}
