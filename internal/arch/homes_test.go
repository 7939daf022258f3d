package arch

import (
	"strings"
	"testing"
)

// homes says where a module of others may be imported, so that replacing it stays the work of one package. Tests may
// import what their package's code may, and the test libraries anywhere.
var homes = map[string][]string{
	"codeberg.org/go-pdf/fpdf":          {"internal/report/pdf"},
	"github.com/mozillazg/go-unidecode": {"internal/report/focus"},
	"github.com/apache/iceberg-go":      {"internal/lake"},
	"github.com/cockroachdb/apd":        {"internal/core/money"},
	"github.com/duckdb/duckdb-go":       {"internal/lake"},
	"github.com/go-fonts/liberation":    {"internal/report/pdf"},
	"github.com/hajimehoshi/ebiten":     {"internal/report/pdf"},
	"github.com/jackc/pgx":              {"internal/store"},
	"github.com/pressly/goose":          {"internal/store"},
	"github.com/spf13/cobra":            {"internal/cli"},
	"github.com/xuri/excelize":          {"internal/report/xlsx"},
	"golang.org/x/image":                {"internal/report/pdf"},
	"golang.org/x/sync":                 {"internal"},
	"golang.org/x/term":                 {"internal/cli"},
	"golang.org/x/text":                 {"internal/report/pdf", "internal/cli"},
	"modernc.org/sqlite":                {"internal/store"},
	"github.com/google/go-cmp":          {},
	"github.com/rogpeppe/go-internal":   {},
	"pgregory.net/rapid":                {},
}

// testOnly are the modules that no file of the program imports; packages of helpers are not in the program.
var testOnly = []string{"github.com/google/go-cmp", "github.com/rogpeppe/go-internal", "pgregory.net/rapid"}

func TestModulesOfOthersStayInTheirHomes(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		for _, p := range s.imports() {
			if within(p, module) || !strings.Contains(strings.SplitN(p, "/", 2)[0], ".") {
				continue
			}
			mod, folders, known := home(p)
			switch {
			case !known:
				t.Errorf("%s imports %s, which has no home in internal/arch", s.path, p)
			case fits(mod, testOnly):
				if !s.test && !fits(s.dir, helpers) {
					t.Errorf("%s imports %s, which is for tests", s.path, p)
				}
			case !fits(s.dir, folders) && (!s.test || p != "modernc.org/sqlite"):
				t.Errorf("%s imports %s, whose home is %s", s.path, p, strings.Join(folders, ", "))
			}
		}
	}
}

func home(path string) (mod string, folders []string, ok bool) {
	for m, f := range homes {
		if within(path, m) {
			return m, f, true
		}
	}
	return "", nil, false
}
