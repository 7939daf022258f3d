package arch

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write deps.golden")

// TestTheProgramLinksTheseModules keeps the list of modules that the program is made of, as for Linux on amd64, so that
// a new one is a line in a diff. Versions stand in go.mod.
func TestTheProgramLinksTheseModules(t *testing.T) {
	t.Parallel()
	sources(t) // so that the test cache sees every file that the answer depends on
	for _, f := range []string{"go.mod", "go.sum"} {
		if _, err := os.ReadFile(filepath.Join(root, f)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", "{{with .Module}}{{.Path}}{{end}}", "./cmd/chandler")
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOOS=linux", "GOARCH=amd64", "CGO_ENABLED=1")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	linked := slices.Compact(slices.Sorted(slices.Values(strings.Fields(string(out)))))
	if *update {
		if err := os.WriteFile("deps.golden", []byte(strings.Join(linked, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile("deps.golden")
	if err != nil {
		t.Fatal(err)
	}
	known := strings.Fields(string(golden))
	for _, m := range linked {
		if !slices.Contains(known, m) {
			t.Errorf("the program links %s now: say why in docs/dependencies.md, then go test ./internal/arch -update", m)
		}
	}
	for _, m := range known {
		if !slices.Contains(linked, m) {
			t.Errorf("the program links %s no more: go test ./internal/arch -update", m)
		}
	}
	for _, m := range testOnly {
		if slices.Contains(linked, m) {
			t.Errorf("%s is for tests and is linked into the program", m)
		}
	}
}

// dependencyRow is a line of a table in docs/dependencies.md: the name, then why, licence, maintainer, and what we would
// do without it.
var dependencyRow = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|(.*)\\|$")

func TestEveryDependencyIsADecision(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join(root, "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	explained := map[string]bool{}
	for _, m := range dependencyRow.FindAllStringSubmatch(string(page), -1) {
		cells := strings.Split(m[2], " | ")
		if len(cells) != 4 || slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) == "" }) {
			t.Errorf("docs/dependencies.md: %s: want why, licence, maintainer, without it: %q", m[1], cells)
		}
		explained[m[1]] = true
	}
	needed := map[string]bool{}
	for _, m := range append(directly(t, "go.mod"), tools(t)...) {
		needed[m] = true
		if !explained[m] {
			t.Errorf("%s has no line in docs/dependencies.md", m)
		}
	}
	for _, m := range slices.Sorted(maps.Keys(explained)) {
		if strings.Contains(strings.SplitN(m, "/", 2)[0], ".") && !needed[m] && !validators(t, m) {
			t.Errorf("docs/dependencies.md explains %s, which nothing requires", m)
		}
	}
}

// directly lists the modules that a go.mod requires without the comment "indirect".
func directly(t *testing.T, file string) []string {
	t.Helper()
	return blockLines(t, file, "require", func(line string) bool { return !strings.HasSuffix(line, "// indirect") })
}

// tools lists the modules of the developer tools.
func tools(t *testing.T) []string {
	t.Helper()
	all := blockLines(t, "tools/go.mod", "require", func(string) bool { return true })
	var used []string
	for _, p := range blockLines(t, "tools/go.mod", "tool", func(string) bool { return true }) {
		best := ""
		for _, m := range all {
			if within(p, m) && len(m) > len(best) {
				best = m
			}
		}
		used = append(used, best)
	}
	return used
}

// validators says whether a Maven or Python package is one of those that the checks of our output install.
func validators(t *testing.T, name string) bool {
	t.Helper()
	group, artifact, maven := strings.Cut(name, ":")
	if !maven {
		return false
	}
	pom, err := os.ReadFile(filepath.Join(root, "test", "einvoice", "pom.xml"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.Contains(string(pom), "<groupId>"+group+"</groupId>") && strings.Contains(string(pom), "<artifactId>"+artifact+"</artifactId>")
}

func blockLines(t *testing.T, file, word string, want func(line string) bool) []string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, file))
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	inside := false
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSpace(line)
		switch {
		case line == word+" (":
			inside = true
		case line == ")":
			inside = false
		case strings.HasPrefix(line, word+" ") && want(line):
			found = append(found, strings.Fields(line)[1])
		case inside && line != "" && !strings.HasPrefix(line, "//") && want(line):
			found = append(found, strings.Fields(line)[0])
		}
	}
	return found
}
