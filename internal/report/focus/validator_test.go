package focus

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// validator skips where the FinOps Foundation's focus-validator is not installed; in CI that is a failure.
func validator(t *testing.T) string {
	t.Helper()
	build := os.Getenv("CHANDLER_FOCUS_BUILD")
	if build == "" {
		build = "../../../.build/focus"
	}
	if _, err := os.Stat(filepath.Join(build, "stamp")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("focus-validator is not installed: run test/focus/setup.sh")
		}
		t.Skip("focus-validator is not installed: run test/focus/setup.sh")
	}
	return "../../../test/focus/validate.sh"
}

// validate runs the validator over a file and returns what it printed and whether it found nothing.
func validate(t *testing.T, script, file string) (string, bool) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), script, file).CombinedOutput()
	if !strings.Contains(string(out), "=== Validation Results ===") {
		t.Fatalf("the validator did not run: %v\n%s", err, out)
	}
	return string(out), err == nil
}

// TestTheFoundationsValidatorFindsNothing gives one process a year of documents of every kind, and another one a file
// with a fault, so that its silence means something.
func TestTheFoundationsValidatorFindsNothing(t *testing.T) {
	t.Parallel()
	script := validator(t)
	var docs []billing.Invoice
	for i := range 40 {
		docs = append(docs, rapid.Custom(randomDocs).Example(i)...)
	}
	for i := range docs {
		docs[i].Number, docs[i].State = docs[i].ID, billing.StateIssued
	}
	file := filepath.Join(t.TempDir(), "focus.csv")
	write(t, file, docs, nil)
	if out, ok := validate(t, script, file); !ok {
		t.Errorf("the validator found faults:\n%s", failures(out))
	}
	write(t, file, docs, strings.NewReplacer(",Usage,", ",Use,"))
	if out, ok := validate(t, script, file); ok || !strings.Contains(out, "ChargeCategory-C-003-M") {
		t.Errorf("the validator does not see an unknown charge category:\n%s", out)
	}
}

func write(t *testing.T, file string, docs []billing.Invoice, damage *strings.Replacer) {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, docs, Options{}); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	if damage != nil {
		text = damage.Replace(text)
	}
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func failures(out string) string {
	if _, after, ok := strings.Cut(out, "--- Failures ---"); ok {
		return after
	}
	return out
}
