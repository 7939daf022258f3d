package arch

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const (
	root   = "../.."
	module = "github.com/chandler-csp/chandler"
)

// source is one Go file of the module.
type source struct {
	path      string // from the module's root, with slashes
	dir       string
	test      bool
	generated bool
	lines     int
	ast       *ast.File
}

// imports lists the paths that the file imports.
func (s *source) imports() []string {
	paths := make([]string, 0, len(s.ast.Imports))
	for _, i := range s.ast.Imports {
		p, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			panic(err) // the parser took it
		}
		paths = append(paths, p)
	}
	return paths
}

var fset = token.NewFileSet()

// parsed reads every Go file once. Files are parsed rather than asked of `go list`, whose answer the test cache would
// keep after a forbidden import was added: what this process opens itself is seen by the cache.
var parsed = sync.OnceValues(func() ([]*source, error) {
	var all []*source
	err := walk(func(path string, content []byte) error {
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path, content, parser.ParseComments)
		if err != nil {
			return err
		}
		all = append(all, &source{
			path: path, dir: filepath.ToSlash(filepath.Dir(path)), ast: f, generated: ast.IsGenerated(f),
			test: strings.HasSuffix(path, "_test.go"), lines: bytes.Count(content, []byte("\n")),
		})
		return nil
	})
	return all, err
})

func sources(t *testing.T) []*source {
	t.Helper()
	all, err := parsed()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("only %d Go files were found: the tree was not read", len(all))
	}
	return all
}

// skipped are folders that hold nothing of the repository's own.
var skipped = map[string]bool{".git": true, ".build": true, "bin": true, "node_modules": true, "__pycache__": true, ".idea": true, ".vscode": true}

// maxText is above every text of ours; larger files are data.
const maxText = 1 << 20

// walk gives every file of the repository up to maxText, with its path from the root.
func walk(visit func(path string, content []byte) error) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if skipped[d.Name()] {
				return filepath.SkipDir
			}
			return nil
		}
		info, err := d.Info()
		if err != nil || !info.Mode().IsRegular() || info.Size() > maxText {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		return visit(filepath.ToSlash(rel), content)
	})
}

// within says whether a folder or import path is p or lies below it.
func within(path, p string) bool { return path == p || strings.HasPrefix(path, p+"/") }
