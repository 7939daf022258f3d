package cli_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chandler-csp/chandler/internal/app"
)

// started is a command of a process of its own, of which standard error is read line by line.
type started struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdout bytes.Buffer
	stderr *bufio.Reader
}

func (f *folder) start(env string, words ...string) *started {
	f.t.Helper()
	s := &started{t: f.t, cmd: f.process(words...)}
	s.cmd.Env = append(os.Environ(), env)
	s.cmd.Stdout = &s.stdout
	pipe, err := s.cmd.StderrPipe()
	f.ok(err)
	s.stderr = bufio.NewReader(pipe)
	f.ok(s.cmd.Start())
	return s
}

// line is the next line of standard error that begins so.
func (s *started) line(prefix string) string {
	s.t.Helper()
	for {
		line, err := s.stderr.ReadString('\n')
		if err != nil {
			s.t.Fatalf("standard error ended before %q: %v", prefix, err)
		}
		if strings.HasPrefix(line, prefix) {
			return strings.TrimSpace(line)
		}
	}
}

// end waits for the process, and returns its exit code and the rest of standard error.
func (s *started) end() (int, string) {
	s.t.Helper()
	rest, err := io.ReadAll(s.stderr)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = s.cmd.Wait() // the exit code tells
	return s.cmd.ProcessState.ExitCode(), string(rest)
}

func TestASecondCommandSaysWhomItWaitsForAndIsServedThen(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	a, err := app.Open(t.Context(), app.Options{Data: f.data, As: "chandler import", Now: time.Now})
	f.ok(err)
	second := f.start("", "invoice", "list", "--json")
	want := fmt.Sprintf("chandler: waiting for process %d (chandler import), which holds %s", os.Getpid(), f.data)
	if got := second.line("chandler: "); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	f.ok(a.Close())
	code, rest := second.end()
	if err := checkDocument(second.stdout.String(), code); err != nil || code != 0 || rest != "" {
		t.Errorf("exit code %d, %v\n%s%s", code, err, &second.stdout, rest)
	}
}

func TestWaitingHasAnEndWhereOneIsGiven(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.opened(func(*app.App) {
		for _, wait := range []string{"0", "120ms"} {
			r := runHere(t, f.data, "invoice", "list", "--json", "--wait", wait)
			if err := checkDocument(r.stdout, r.code); err != nil || r.code != 1 || !strings.Contains(r.stdout, `"data.held"`) {
				t.Errorf("--wait %s: exit code %d, %v\n%s", wait, r.code, err, r.stdout)
			}
		}
	})
	f.here(0, "invoice", "list", "--wait", "0")
}

func TestTheLockOfAKilledProcessHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	if code, _ := f.killedAt("begun", "import", lines); code != 137 {
		t.Fatalf("exit code %d", code)
	}
	if text, err := os.ReadFile(filepath.Join(f.data, "lock")); err != nil || !strings.Contains(string(text), "(chandler import)") {
		t.Errorf("the lock says %q, %v", text, err)
	}
	f.here(0, "invoice", "list", "--wait", "0")
}

func TestASignalEndsTheWaiting(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	f.opened(func(*app.App) {
		second := f.start("", "invoice", "list", "--json")
		second.line("chandler: waiting")
		f.ok(second.cmd.Process.Signal(os.Interrupt))
		code, rest := second.end()
		if err := checkDocument(second.stdout.String(), code); err != nil || code != 1 || !strings.Contains(rest, "chandler: stopped by a signal") {
			t.Errorf("exit code %d, %v\n%s%s", code, err, &second.stdout, rest)
		}
	})
}

// TestASignalLeavesNothingHalf stops changes where they are just begun, which undoes them, and where they are announced,
// which lets them come to their end.
func TestASignalLeavesNothingHalf(t *testing.T) {
	t.Parallel()
	ops := operations(t)
	for _, c := range []struct {
		op, step string
		signal   os.Signal
	}{
		{"a first import", "begun", os.Interrupt},
		{"a first import", "staged", syscall.SIGTERM},
		{"a first import", "announced", os.Interrupt},
		{"an import that replaces", "begun", syscall.SIGTERM},
		{"a first run", "begun charges", os.Interrupt},
		{"a first run", "kept the run", os.Interrupt},
	} {
		t.Run(c.op+" at "+c.step, func(t *testing.T) {
			t.Parallel()
			f, op := newFolder(t), ops[c.op]
			f.here(0, "invoice", "list")
			for _, words := range op.before {
				f.here(0, words...)
			}
			before, saved := f.state(), f.save()
			f.here(0, op.words...)
			after := f.state()
			f.restore(saved)
			s := f.start("CHANDLER_FAIL_AT=hold "+c.step, append(op.words, "--json")...)
			s.line("step: " + c.step)
			f.ok(s.cmd.Process.Signal(c.signal))
			code, rest := s.end()
			f.stopped(code, rest, s.stdout.String(), before, after, c.step == "announced" || c.step == "kept the run")
		})
	}
}

// stopped checks what a stopped command said, and what it left.
func (f *folder) stopped(code int, stderr, stdout, before, after string, decided bool) {
	f.t.Helper()
	if err := checkDocument(stdout, code); err != nil {
		f.t.Errorf("%v\n%s", err, stdout)
	}
	want, wantCode := before, 1
	if decided {
		want, wantCode = after, 0
	}
	if code != wantCode || code == 1 && (!strings.Contains(stderr, "chandler: stopped by a signal") || !strings.Contains(stdout, `"interrupted"`)) {
		f.t.Errorf("exit code %d, want %d\n%s%s", code, wantCode, stdout, stderr)
	}
	f.holdsNothingStray()
	if got := f.state(); got != want {
		f.t.Errorf("it left\n%s\nwant\n%s", got, want)
	}
}
