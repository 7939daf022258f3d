// The command line as a whole: scripts that run the program in processes of their own, and tests that kill it, stop it,
// let it wait and give it a terminal.
package cli_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/chandler-csp/chandler/internal/cli"
)

// TestMain makes this binary the program as well, when it is started by the program's name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"chandler": func() { os.Exit(cli.Main()) }})
}

func TestScripts(t *testing.T) {
	t.Parallel()
	small, err := filepath.Abs(filepath.Join("testdata", "small"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(e *testscript.Env) error {
			e.Setenv("CHANDLER_DATA", filepath.Join(e.WorkDir, "data"))
			return os.CopyFS(filepath.Join(e.WorkDir, "small"), os.DirFS(small))
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"run": run, "json": jsonAt, "shape": shape, "keep": keep, "month": month, "addresses": addresses, "damage": damage, "newer": newer,
		},
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
	})
}
