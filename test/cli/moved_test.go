package cli_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAFolderMayBeCopiedAndMoved goes on in a copy, whose files name the place of the original, also where that was
// killed in the middle of a change. The original is not touched, and may be gone.
func TestAFolderMayBeCopiedAndMoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	original := &folder{t, filepath.Join(dir, "data")}
	original.here(0, "import", lines, document)
	original.here(0, "bill", "run", "--period", "2026-03")
	ops := operations(t)
	again := ops["an import that replaces"]
	if code, _ := original.killedAt("committed recon_line", again.words...); code != 137 {
		t.Fatalf("exit code %d", code)
	}
	untouched := listing(t, original.data)
	copied := &folder{t, filepath.Join(dir, "of [2026] 100% #1? 使用")}
	copied.restore(original.data)

	copied.here(3, "bill", "run", "--period", "2026-03") // the line that the import took away is missing now
	copied.holdsNothingStray()
	inCopy := copied.state()
	if got := listing(t, original.data); got != untouched {
		t.Errorf("working in the copy, the original became\n%s\nit was\n%s", got, untouched)
	}
	original.here(3, "bill", "run", "--period", "2026-03")
	original.holdsNothingStray()
	if got := original.state(); got != inCopy {
		t.Errorf("the original is\n%s\nthe copy\n%s", got, inCopy)
	}

	moved := &folder{t, filepath.Join(dir, "moved")}
	if err := os.Rename(original.data, moved.data); err != nil {
		t.Fatal(err)
	}
	moved.here(0, "import", lines, document)
	moved.here(0, "bill", "run", "--period", "2026-03")
	moved.here(0, "recon", "verify")
	if !strings.Contains(moved.state(), "draft") {
		t.Error("no drafts are in the moved folder")
	}
	if _, err := os.Stat(original.data); err == nil {
		t.Error("the moved folder wrote to its old place")
	}
}

// listing names every file of a folder, and when it was written.
func listing(t *testing.T, dir string) string {
	t.Helper()
	var b strings.Builder
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			b.WriteString(path + " " + info.ModTime().String() + "\n")
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}
