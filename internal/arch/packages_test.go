package arch

import (
	"go/ast"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	maxLines    = 600 // refused
	largeLines  = 350 // named with -v, as candidates for a split
	maxFunction = 80
	maxTest     = 200 // a table of cases may be long
)

func TestEveryPackageHasOneComment(t *testing.T) {
	t.Parallel()
	comments := map[string][]string{}
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		found := comments[s.dir]
		if s.ast.Doc != nil {
			found = append(found, s.path)
			if want := commentStart(s.ast); !strings.HasPrefix(s.ast.Doc.Text(), want) {
				t.Errorf("%s: the package comment starts with %q", s.path, want)
			}
		}
		comments[s.dir] = found
	}
	for dir, files := range comments {
		if len(files) != 1 {
			t.Errorf("%s has %d package comments %v, want one that says what it owns and its invariant", dir, len(files), files)
		}
	}
}

func commentStart(f *ast.File) string {
	if f.Name.Name == "main" {
		return "Command "
	}
	return "Package " + f.Name.Name + " "
}

func TestFilesAndFunctionsStaySmall(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.generated {
			continue
		}
		switch {
		case s.lines > maxLines:
			t.Errorf("%s has %d lines; %d are the limit", s.path, s.lines, maxLines)
		case s.lines > largeLines:
			t.Logf("%s has %d lines: look for a second idea in it", s.path, s.lines)
		}
		limit := maxFunction
		if s.test {
			limit = maxTest
		}
		for _, d := range s.ast.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				if n := fset.Position(f.End()).Line - fset.Position(f.Pos()).Line + 1; n > limit {
					t.Errorf("%s: %s has %d lines; %d are the limit", s.path, f.Name.Name, n, limit)
				}
			}
		}
	}
}

// vague are names that say nothing about what a package owns.
var vague = []string{"util", "utils", "common", "helper", "helpers", "model", "models", "types", "manager", "misc", "base"}

func TestPackagesAreNamedByWhatTheyOwn(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if slices.Contains(vague, strings.TrimSuffix(s.ast.Name.Name, "_test")) {
			t.Errorf("%s: package %s says nothing", s.path, s.ast.Name.Name)
		}
	}
}

// Without the example data the tests that need it skip with a line, so that a clone alone is green.
func TestTestsOfTheExampleDataSkipWithoutIt(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if !s.test || s.dir == "internal/arch" {
			continue
		}
		var reads, skips bool
		ast.Inspect(s.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.BasicLit:
				reads = reads || n.Value == `"CHANDLER_TESTDATA"`
			case *ast.SelectorExpr:
				skips = skips || n.Sel.Name == "Skip" || n.Sel.Name == "Skipf"
			}
			return true
		})
		if reads && !skips {
			t.Errorf("%s reads CHANDLER_TESTDATA and never skips", s.path)
		}
	}
}

// A query that was taken away must not live on as generated code: the generator leaves old files where they are.
func TestGeneratedQueriesHaveTheirSource(t *testing.T) {
	t.Parallel()
	found := 0
	for _, s := range sources(t) {
		name, generated := strings.CutSuffix(s.path, ".sql.go")
		if !generated {
			continue
		}
		found++
		query := filepath.Join(root, "internal", "store", "queries", filepath.Base(name)+".sql")
		if _, err := os.Stat(query); err != nil {
			t.Errorf("%s is generated from nothing: %v", s.path, err)
		}
	}
	if found == 0 {
		t.Error("no generated queries were found")
	}
}
