package arch

import (
	"go/ast"
	"go/token"
	"strconv"
	"strings"
	"testing"
)

// coded are the folders whose new errors a caller can act on: each has a kind and a code. Others are wrapped.
var coded = []string{"internal/csp", "internal/store", "internal/upstream"}

func TestNewErrorsHaveACode(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test || s.generated || !fits(s.dir, coded) || fits(s.dir, helpers) {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			switch callee(call) {
			case "errors.New":
				t.Errorf("%s: errors.New has no code: errs.New(kind, code, …)", fset.Position(call.Pos()))
			case "fmt.Errorf":
				if format, ok := literal(call.Args[0]); ok && !strings.Contains(format, "%w") {
					t.Errorf("%s: fmt.Errorf without %%w has no code: errs.New(kind, code, …)", fset.Position(call.Pos()))
				}
			}
			return true
		})
	}
}

// The words of a wrapped error say what was being done; a chain of "failed to" says it many times.
func TestErrorsAreWordedAlike(t *testing.T) {
	t.Parallel()
	for _, s := range sources(t) {
		if s.test || s.generated {
			continue
		}
		ast.Inspect(s.ast, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			at := map[string]int{"errors.New": 0, "fmt.Errorf": 0, "errs.New": 2}
			i, ok := at[callee(call)]
			if !ok || i >= len(call.Args) {
				return true
			}
			words, ok := literal(call.Args[i])
			if ok && (strings.HasPrefix(strings.ToLower(words), "failed to") || strings.HasSuffix(words, ".") || strings.HasSuffix(words, "\n")) {
				t.Errorf("%s: %q: say what was being done, no full stop", fset.Position(call.Pos()), words)
			}
			return true
		})
	}
}

// callee is "package.Func" or "value.Method" of a call, "Func" of a plain one.
func callee(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		if x, ok := f.X.(*ast.Ident); ok {
			return x.Name + "." + f.Sel.Name
		}
		return f.Sel.Name
	}
	return ""
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}
