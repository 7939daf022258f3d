package ubl_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/report/ubl"
	"pgregory.net/rapid"
)

const einvoice = "../../../test/einvoice"

// available skips where the published rules or the validator are missing; in CI that is a failure, unless
// CHANDLER_TESTDATA is set to nothing on purpose.
func available(t *testing.T) {
	t.Helper()
	data, given := os.LookupEnv("CHANDLER_TESTDATA")
	if given && data == "" {
		t.Skip("CHANDLER_TESTDATA is empty: the published schematron rules are left out")
	}
	missing := t.Skip
	if os.Getenv("CI") == "true" {
		missing = t.Fatal
	}
	if _, err := os.Stat(filepath.Join(data, "data", "einvoice")); !given || err != nil {
		missing("CHANDLER_TESTDATA does not lead to data/einvoice: the published schematron rules are not at hand")
	}
	build := os.Getenv("CHANDLER_EINVOICE_BUILD")
	if build == "" {
		build = "../../../.build/einvoice"
	}
	if _, err := os.Stat(filepath.Join(build, "stamp")); err != nil {
		missing("the e-invoice validator is not installed: run test/einvoice/setup.sh")
	}
}

// validate runs the validator once over a folder and returns the rules that failed, by document.
func validate(t *testing.T, folder string, documents int) map[string][]string {
	t.Helper()
	var stderr strings.Builder
	cmd := exec.CommandContext(t.Context(), filepath.Join(einvoice, "validate.sh"), folder)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		t.Fatalf("validator: %v\n%s", err, stderr.String())
	}
	if want := fmt.Sprintf("\n%d documents, ", documents); !strings.Contains("\n"+string(out), want) {
		t.Fatalf("the validator did not read %d documents:\n%s", documents, out)
	}
	found := map[string][]string{}
	for l := range strings.Lines(string(out)) {
		if f := strings.Split(strings.TrimSpace(l), "\t"); len(f) == 6 {
			name := strings.TrimSuffix(f[0], ".xml")
			found[name] = append(found[name], f[3]+" ("+f[2]+") "+f[4]+": "+f[5])
		}
	}
	if (err != nil) != strings.Contains(fmt.Sprint(found), "(fatal)") {
		t.Fatalf("exit code %v does not agree with the faults:\n%s", err, out)
	}
	return found
}

func write(t *testing.T, folder, name string, inv billing.Invoice) {
	t.Helper()
	b, err := ubl.Marshal(inv)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".xml"), b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestPublishedRules runs one process over everything: documents that must pass, and damaged ones that must fail by the
// rule that the gap names, so that neither the validator nor Gaps can be silent.
func TestPublishedRules(t *testing.T) {
	t.Parallel()
	available(t)
	folder := t.TempDir()
	good := variety()
	for i := range 60 {
		good[fmt.Sprintf("random-%02d", i)] = rapid.Custom(random).Example(i)
	}
	for name, inv := range good {
		if g := ubl.Gaps(inv); len(g) > 0 {
			t.Errorf("%s: unexpected gaps: %v", name, g)
		}
		write(t, folder, name, inv)
	}
	bad := damages()
	for i, d := range bad {
		write(t, folder, fmt.Sprintf("damage-%02d", i), d.damaged())
	}
	found := validate(t, folder, len(good)+len(bad))
	for name := range good {
		for _, fault := range found[name] {
			if strings.HasPrefix(fault, "NO-R-002 (warning)") {
				continue // whether a Norwegian seller stands in the Foretaksregisteret is not ours to say
			}
			t.Errorf("%s: %s", name, fault)
		}
	}
	for i, d := range bad {
		faults := strings.Join(found[fmt.Sprintf("damage-%02d", i)], "\n")
		if d.rule != "" && !strings.Contains(faults, d.rule+" (fatal)") {
			t.Errorf("without %s: rule %s does not fail, but:\n%s", d.place, d.rule, faults)
		}
	}
}

func places(fields []errs.Field) string {
	var s []string
	for _, f := range fields {
		s = append(s, f.Place)
	}
	return strings.Join(s, " ")
}
