package reporttest

import (
	"flag"
	"os"
	"path/filepath"
	"testing"
)

// Golden compares bytes with testdata/name.golden beside the test, or writes the file with -update. The flag belongs
// to the test that calls it: update := flag.Bool("update", false, "write golden files").
func Golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if f := flag.Lookup("update"); f != nil && f.Value.String() == "true" {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != string(got) {
		t.Errorf("%s differs; run the test with -update and look at the change\n%s", path, got)
	}
}
