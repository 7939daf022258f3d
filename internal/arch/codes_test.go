package arch

import (
	"go/ast"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

var (
	// codeRow is a line of a table in docs/problems.md, the code in its first cell; classRow is one of the classes.
	codeRow  = regexp.MustCompile("(?m)^\\| `([a-z0-9_.-]+)` \\|")
	classRow = regexp.MustCompile(`(?m)^\| \*\*([a-z-]+)\*\* \|`)
	// codeForm tells a code from other things that are called so, such as a country's.
	codeForm = regexp.MustCompile(`^[a-z][a-z0-9_.-]+$`)
)

func TestEveryCodeIsExplained(t *testing.T) {
	t.Parallel()
	used := codes(sources(t))
	if len(used) < 100 {
		t.Errorf("only %d codes were found in the code", len(used))
	}
	compare(t, "code", used, explained(t, codeRow))
}

func TestEveryClassOfFindingIsExplained(t *testing.T) {
	t.Parallel()
	used := map[string]string{}
	for _, s := range sources(t) {
		if s.dir != "internal/csp/recon" || s.test {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && typeName(v.Type) == "Class" {
				each(v.Values, func(e ast.Expr) {
					if c, ok := literal(e); ok {
						used[c] = s.path
					}
				})
			}
			return true
		})
	}
	compare(t, "class", used, explained(t, classRow))
}

// explained reads the rows of docs/problems.md.
func explained(t *testing.T, row *regexp.Regexp) map[string]bool {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root, "docs", "problems.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	for _, m := range row.FindAllStringSubmatch(string(page), -1) {
		if found[m[1]] {
			t.Errorf("docs/problems.md explains %s twice", m[1])
		}
		found[m[1]] = true
	}
	return found
}

func compare(t *testing.T, what string, used map[string]string, explained map[string]bool) {
	t.Helper()
	for _, c := range slices.Sorted(maps.Keys(used)) {
		if !explained[c] {
			t.Errorf("%s: the %s %s has no line in docs/problems.md", used[c], what, c)
		}
	}
	for _, c := range slices.Sorted(maps.Keys(explained)) {
		if used[c] == "" {
			t.Errorf("docs/problems.md explains the %s %s, which nothing uses", what, c)
		}
	}
}

// codes finds the codes that are written in a tree and where each is used: constants of type errs.Code, variables and
// fields with the name code, arguments of errs.New and errs.Join, and arguments of functions that take a code.
func codes(all []*source) map[string]string {
	takers := codeTakers(all)
	found := map[string]string{}
	for _, s := range all {
		if s.test || s.generated {
			continue
		}
		note := func(e ast.Expr, suffix string) {
			if c, ok := literal(e); ok && codeForm.MatchString(c+suffix) && found[c+suffix] == "" {
				found[c+suffix] = fset.Position(e.Pos()).String()
			}
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.ValueSpec:
				if typeName(n.Type) == "errs.Code" {
					each(n.Values, func(e ast.Expr) { note(e, "") })
				}
			case *ast.AssignStmt:
				for i, l := range n.Lhs {
					if id, ok := l.(*ast.Ident); ok && id.Name == "code" && len(n.Rhs) == len(n.Lhs) {
						note(n.Rhs[i], "")
					}
				}
			case *ast.KeyValueExpr:
				if k, ok := n.Key.(*ast.Ident); ok && k.Name == "Code" {
					note(n.Value, "")
				}
			case *ast.CallExpr:
				if i, ok := map[string]int{"errs.New": 1, "errs.Join": 0}[callee(n)]; ok {
					note(n.Args[i], "")
				}
				for _, taker := range takers[s.dir+" "+lastName(n)] {
					if taker.at < len(n.Args) {
						note(n.Args[taker.at], taker.suffix)
					}
				}
			}
			return true
		})
	}
	return found
}

// taker is a parameter that is a code, or becomes one with a suffix: errs.Code(what + ".unknown").
type taker struct {
	at     int
	suffix string
}

// codeTakers finds the functions, methods and closures with such parameters, by folder and name.
func codeTakers(all []*source) map[string][]taker {
	found := map[string][]taker{}
	for _, s := range all {
		if s.test || s.generated {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				found[s.dir+" "+n.Name.Name] = takersOf(n.Type, n.Body)
			case *ast.AssignStmt:
				for i, r := range n.Rhs {
					if f, ok := r.(*ast.FuncLit); ok && i < len(n.Lhs) {
						if id, ok := n.Lhs[i].(*ast.Ident); ok {
							found[s.dir+" "+id.Name] = takersOf(f.Type, f.Body)
						}
					}
				}
			}
			return true
		})
	}
	return found
}

func takersOf(f *ast.FuncType, body *ast.BlockStmt) []taker {
	var list []taker
	at, places := 0, map[string]int{}
	for _, p := range f.Params.List {
		for _, n := range p.Names {
			if n.Name == "code" {
				list = append(list, taker{at: at})
			}
			places[n.Name] = at
			at++
		}
	}
	if body == nil {
		return list
	}
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || callee(call) != "errs.Code" {
			return true
		}
		if sum, ok := call.Args[0].(*ast.BinaryExpr); ok {
			if name, ok := sum.X.(*ast.Ident); ok {
				suffix, isText := literal(sum.Y)
				if i, isParameter := places[name.Name]; isParameter && isText {
					list = append(list, taker{i, suffix})
				}
			}
		}
		return true
	})
	return list
}

func each(list []ast.Expr, do func(ast.Expr)) {
	for _, e := range list {
		do(e)
	}
}

func lastName(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			return x.Name + "." + e.Sel.Name
		}
	}
	return ""
}
