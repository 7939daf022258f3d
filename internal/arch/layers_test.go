package arch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// layer says what the packages under one folder may import of ours. The longest folder that fits counts.
type layer struct {
	folder string
	may    []string // folders
	tests  []string // what their tests may import beside that
}

// helpers are packages that are made for tests; synth, the first, also feeds the demonstration and the benchmark.
var helpers = []string{"internal/synth", "internal/report/reporttest", "internal/store/storetest", "internal/store/pgtest"}

// layers is the picture of docs/ARCHITECTURE.md as a table: imports point from the program down to the vocabulary.
var layers = []layer{
	{folder: "cmd", may: []string{"internal/cli"}},
	{folder: "internal/cli", may: []string{"internal/app", "internal/bench", "internal/demo", "internal/synth", "internal/csp", "internal/core"}},
	{folder: "internal/demo", may: []string{"internal/synth", "internal/csp", "internal/core"}},
	{folder: "internal/bench", may: []string{"internal/app", "internal/synth", "internal/lake", "internal/csp", "internal/core"}},
	{folder: "internal/app", may: []string{"internal/store", "internal/lake", "internal/report", "internal/csp", "internal/core"}},
	{folder: "internal/store", may: []string{"internal/store", "internal/csp", "internal/core"}},
	{folder: "internal/lake", may: []string{"internal/lake", "internal/csp", "internal/core"}, tests: []string{"internal/store"}},
	{folder: "internal/report", may: []string{"internal/report", "internal/csp", "internal/core"}},
	{folder: "internal/csp", may: []string{"internal/core"}}, // and its neighbours, see capabilities
	{folder: "internal/core", may: []string{"internal/core"}},
	{folder: "internal/synth", may: []string{"internal/core"}, tests: []string{"internal/lake", "internal/csp"}},
	{folder: "internal/arch"},
	{folder: "test/cli", tests: []string{"internal/cli", "internal/app", "internal/core"}},
}

// capabilities is which parts of the business know which others. A new edge is a decision: it is added here, in the
// commit that needs it, and never closes a circle.
var capabilities = map[string][]string{
	"billing":  {"pricing", "service"},
	"catalog":  {"usage"},
	"customer": {"billing"},
	"dataset":  {},
	"pricing":  {},
	"rating":   {"catalog", "pricing", "usage"},
	"recon":    {"catalog", "rating", "usage"},
	"service":  {},
	"usage":    {},
}

// impure are packages of the standard library that a capability does without: it takes values and returns values.
var impure = []string{"database/sql", "net", "os", "log", "io/fs", "io/ioutil", "syscall"}

const cspFolder = "internal/csp"

func TestImportsPointDown(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, p := range s.imports() {
			target, ours := strings.CutPrefix(p, module+"/")
			if !ours {
				continue
			}
			if why := forbidden(s, target); why != "" {
				t.Errorf("%s imports %s: %s", s.path, target, why)
			}
		}
	}
}

// forbidden says why a file may not import a package of ours.
func forbidden(s *source, target string) string {
	l, ok := layerOf(s.dir)
	if !ok {
		return "its folder has no layer; give it one in internal/arch"
	}
	if target == s.dir || fits(target, l.may) || s.test && (fits(target, l.tests) || fits(target, helpers)) {
		if !s.test && fits(target, helpers[1:]) && !fits(s.dir, helpers) {
			return "it is made for tests"
		}
		return ""
	}
	from, to, neighbours := edge(s.dir, target)
	if !neighbours {
		return fmt.Sprintf("%s may import %s", l.folder, strings.Join(l.may, ", "))
	}
	if !slices.Contains(capabilities[from], to) {
		return fmt.Sprintf("%s may know %v; a new edge is a decision", from, capabilities[from])
	}
	return ""
}

func fits(path string, folders []string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return within(path, f) })
}

func layerOf(dir string) (layer, bool) {
	best := layer{}
	for _, l := range layers {
		if within(dir, l.folder) && len(l.folder) > len(best.folder) {
			best = l
		}
	}
	return best, best.folder != ""
}

// edge names the two capabilities of an import between capabilities.
func edge(dir, target string) (from, to string, ok bool) {
	if !within(dir, cspFolder) || !within(target, cspFolder) {
		return "", "", false
	}
	name := func(path string) string {
		n, _, _ := strings.Cut(strings.TrimPrefix(path, cspFolder+"/"), "/")
		return n
	}
	return name(dir), name(target), true
}

func TestCapabilitiesKnowNoWorldOutside(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test || !within(s.dir, cspFolder) && !within(s.dir, "internal/core") {
			continue
		}
		for _, p := range s.imports() {
			if p == "database/sql/driver" && within(s.dir, "internal/core") {
				continue // a day and a decimal say how a database stores them
			}
			if fits(p, impure) {
				t.Errorf("%s imports %s: no HTTP, no SQL, no files, no logger below the adapters", s.path, p)
			}
		}
	}
}

func TestTheTableOfCapabilitiesIsTrue(t *testing.T) {
	t.Parallel()
	used := map[string]map[string]bool{}
	for _, s := range sources(t) {
		if !within(s.dir, cspFolder) {
			continue
		}
		name, _, _ := edge(s.dir, s.dir)
		if used[name] == nil {
			used[name] = map[string]bool{}
		}
		for _, p := range s.imports() {
			if from, to, ok := edge(s.dir, strings.TrimPrefix(p, module+"/")); ok && from != to {
				used[from][to] = true
			}
		}
	}
	for name := range used {
		if _, ok := capabilities[name]; !ok {
			t.Errorf("capability %s has no line in the table", name)
		}
	}
	for name, edges := range capabilities {
		if used[name] == nil {
			t.Errorf("capability %s is in the table and not in the tree", name)
		}
		for _, to := range edges {
			if !used[name][to] {
				t.Errorf("the edge %s -> %s is allowed and not needed: take it out", name, to)
			}
		}
		if reaches(name, name, map[string]bool{}) {
			t.Errorf("the edges lead from %s back to it", name)
		}
	}
}

func reaches(from, goal string, seen map[string]bool) bool {
	for _, to := range capabilities[from] {
		if to == goal || !seen[to] && func() bool { seen[to] = true; return reaches(to, goal, seen) }() {
			return true
		}
	}
	return false
}
