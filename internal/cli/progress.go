package cli

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"time"

	"golang.org/x/term"
)

// progress shows how a long operation goes on: one line that is written over on a terminal, a plain line every few
// seconds where output is piped. It writes to stderr only.
type progress struct {
	mu       sync.Mutex
	w        io.Writer
	terminal bool
	started  time.Time
	last     time.Time
	stage    string
	wrote    bool
	now      func() time.Time
}

func newProgress(w io.Writer, now func() time.Time) *progress {
	f, ok := w.(*os.File)
	return &progress{w: w, terminal: ok && term.IsTerminal(int(f.Fd())), now: now}
}

// update tells how many of how many units are done; total 0 means that it is not known.
func (p *progress) update(stage string, done, total int64, unit string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if stage != p.stage {
		p.stage, p.started, p.last = stage, now, time.Time{}
	}
	every := 5 * time.Second
	if p.terminal {
		every = 100 * time.Millisecond
	}
	if now.Sub(p.last) < every && done != total {
		return
	}
	if !p.terminal && p.last.IsZero() && now.Sub(p.started) < time.Second {
		return // short work needs no lines in a log
	}
	p.last = now
	p.line(stage, done, total, unit, now.Sub(p.started))
}

func (p *progress) line(stage string, done, total int64, unit string, took time.Duration) {
	text := fmt.Sprintf("%s: %s %s", stage, thousands(done), unit)
	if seconds := took.Seconds(); seconds > 0.5 && done > 0 {
		rate := int64(float64(done) / seconds) // a display of speed, not money
		text += fmt.Sprintf(", %s/s", thousands(rate))
		if total > done && rate > 0 {
			text += fmt.Sprintf(", %s left", (time.Duration((total-done)/rate) * time.Second).String())
		}
	}
	if total > 0 {
		text += fmt.Sprintf(" (%d %%)", done*100/total)
	}
	p.wrote = true
	if p.terminal {
		fmt.Fprintf(p.w, "\r\033[K%s", text)
		return
	}
	fmt.Fprintln(p.w, text)
}

// done clears a terminal's line.
func (p *progress) done() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal && p.wrote {
		fmt.Fprint(p.w, "\r\033[K")
	}
}

// thousands writes a count with thin groups: 12,345,678.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
