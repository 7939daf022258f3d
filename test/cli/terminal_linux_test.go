package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"unsafe"
)

// terminal opens a pseudo-terminal: what a process writes to the one end is read at the other.
func terminal(t *testing.T) (screen, process *os.File) {
	t.Helper()
	screen, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("there is no terminal to try it on: %v", err)
	}
	t.Cleanup(func() { _ = screen.Close() })
	var unlock, number int32
	control(t, screen, syscall.TIOCSPTLCK, &unlock)
	control(t, screen, syscall.TIOCGPTN, &number)
	process, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return screen, process
}

func control(t *testing.T, f *os.File, request uintptr, value *int32) {
	t.Helper()
	if _, _, e := syscall.Syscall(syscall.SYS_IOCTL, f.Fd(), request, uintptr(unsafe.Pointer(value))); e != 0 {
		t.Fatal(e)
	}
}

// TestProgressOnATerminal gives the program a terminal for standard error, and wants lines that write over each other and
// a clean line at the end; the result goes elsewhere.
func TestProgressOnATerminal(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	screen, process := terminal(t)
	cmd := f.process("import", lines, document, "--json")
	var stdout bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, process
	f.ok(cmd.Start())
	f.ok(process.Close())
	shown, err := io.ReadAll(screen)
	if err != nil && !errors.Is(err, syscall.EIO) { // what Linux says when the other end is closed
		t.Fatal(err)
	}
	f.ok(cmd.Wait())
	if err := checkDocument(stdout.String(), 0); err != nil {
		t.Errorf("%v\n%s", err, &stdout)
	}
	text := string(shown)
	if !regexp.MustCompile(`\r\x1b\[Klook at the files: 2 files.*\(100 %\)`).MatchString(text) || !strings.HasSuffix(text, "\r\x1b[K") {
		t.Errorf("the terminal shows %q", text)
	}
}

// Where standard error is no terminal nothing is written over.
func TestProgressInALogHasPlainLines(t *testing.T) {
	t.Parallel()
	f := newFolder(t)
	for _, words := range [][]string{{"import", lines, document}, {"bill", "run", "--period", "2026-03"}, {"invoice", "list"}} {
		cmd := f.process(words...)
		file, err := os.Create(filepath.Join(t.TempDir(), "log"))
		f.ok(err)
		cmd.Stderr = file
		f.ok(cmd.Run())
		f.ok(file.Close())
		if text, err := os.ReadFile(file.Name()); err != nil || strings.Contains(string(text), "\r") {
			t.Errorf("chandler %s writes %q, %v", strings.Join(words, " "), text, err)
		}
	}
}
