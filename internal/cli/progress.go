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
	width    func() int // of the terminal, in columns
	now      func() time.Time
}

func newProgress(w io.Writer, now func() time.Time) *progress {
	f, ok := w.(*os.File)
	return &progress{w: w, terminal: ok && term.IsTerminal(int(f.Fd())), now: now, width: func() int {
		n, _, err := term.GetSize(int(f.Fd()))
		if err != nil {
			return 0
		}
		return n
	}}
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
	text := stage
	if done > 0 || total > 0 {
		text += ": " + thousands(done) + " " + unit
	}
	if rate := perSecond(done, took); rate > 0 {
		text += ", " + thousands(rate) + "/s"
		if total > done {
			text += fmt.Sprintf(", %s left", (time.Duration((total-done)/rate) * time.Second).String())
		}
	}
	if total > 0 {
		text += fmt.Sprintf(" (%d %%)", done*100/total)
	}
	p.wrote = true
	if p.terminal {
		fmt.Fprint(p.w, "\r\033[K"+shortened(text, p.width()))
		return
	}
	fmt.Fprintln(p.w, text)
}

// perSecond is the speed so far, 0 while it is too early to tell.
func perSecond(done int64, took time.Duration) int64 {
	if took < 500*time.Millisecond {
		return 0
	}
	return done * 1000 / took.Milliseconds()
}

// shortened cuts a text at its front so that a terminal of that width does not wrap it; the numbers stand at its end.
func shortened(text string, width int) string {
	runes := []rune(text)
	for width > 1 && len(runes) > 1 && columns(string(runes)) >= width {
		runes = append([]rune{'…'}, runes[2:]...)
	}
	return string(runes)
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
