package cli_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestAFolderThatMayNotBeUsedSaysSo runs the program as somebody who may not write into the folder, or not look into it.
func TestAFolderThatMayNotBeUsedSaysSo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	f := &folder{t, filepath.Join(dir, "data")}
	f.here(0, "invoice", "list")
	program := filepath.Join(dir, "chandler")
	copyProgram(t, program)
	for _, mode := range []os.FileMode{0o555, 0o000} {
		f.ok(os.Chmod(f.data, mode))
		for data, want := range map[string]string{f.data: "permission denied", filepath.Join(f.data, "below"): "permission denied"} {
			cmd := exec.CommandContext(t.Context(), program, "--data", data, "invoice", "list", "--json")
			cmd.Dir = "/"
			if os.Getuid() == 0 { // root may do everything
				f.ok(os.Chmod(filepath.Dir(dir), 0o755))
				cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
			}
			var stdout, stderr bytes.Buffer
			cmd.Stdout, cmd.Stderr = &stdout, &stderr
			_ = cmd.Run() // the exit code tells
			code := cmd.ProcessState.ExitCode()
			if err := checkDocument(stdout.String(), code); err != nil || code != 1 || !strings.Contains(stdout.String(), `"data.unusable"`) ||
				!strings.Contains(stderr.String(), "the data folder "+data+" cannot be used: "+want) {
				t.Errorf("mode %o, %s: exit code %d, %v\n%s%s", mode, data, code, err, &stdout, &stderr)
			}
		}
	}
	f.ok(os.Chmod(f.data, 0o700))
}

// copyProgram puts the program where anybody may start it.
func copyProgram(t *testing.T, to string) {
	t.Helper()
	from, err := exec.LookPath("chandler")
	if err != nil {
		t.Fatal(err)
	}
	if os.Link(from, to) == nil {
		return
	}
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close() //nolint:errcheck // read only
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}
