package cli

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"
)

var update = flag.Bool("update", false, "write docs/cli.md again below its mark")

const (
	referencePage = "../../docs/cli.md"
	referenceMark = "<!-- below here: make docs -->\n"
)

// TestTheCommandReferenceIsFresh holds docs/cli.md, below its mark, against the commands as they are. What stands above
// the mark is written by hand.
func TestTheCommandReferenceIsFresh(t *testing.T) {
	t.Setenv("CHANDLER_DATA", "DIR") // the default names no machine's folder
	s := &session{env: Environment{Now: time.Now}, out: &output{}}
	var b strings.Builder
	for _, c := range s.root().Commands() {
		reference(t, &b, c)
	}
	page, err := os.ReadFile(referencePage)
	if err != nil {
		t.Fatal(err)
	}
	head, old, ok := strings.Cut(string(page), referenceMark)
	if !ok {
		t.Fatalf("%s has no mark %q", referencePage, referenceMark)
	}
	if *update {
		if err := os.WriteFile(referencePage, []byte(head+referenceMark+b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if old != b.String() {
		t.Errorf("docs/cli.md is not what the commands say: make docs\ngot:\n%s\nwant:\n%s", old, b.String())
	}
}

// reference writes one command and those below it. Every command that does something has a short help and an example.
func reference(t *testing.T, b *strings.Builder, c *cobra.Command) {
	t.Helper()
	if c.Hidden || c.Name() == "help" || c.Name() == "completion" {
		return
	}
	if !c.HasSubCommands() {
		if c.Example == "" || c.Short == "" {
			t.Errorf("%s has no example or no short help", c.CommandPath())
		}
		fmt.Fprintf(b, "\n### %s\n\n%s.\n", strings.TrimSuffix(c.UseLine(), " [flags]"), strings.TrimSuffix(c.Short, "."))
		if long := strings.TrimSpace(c.Long); long != "" {
			fmt.Fprintf(b, "\n%s\n", long)
		}
		fmt.Fprintf(b, "\n```\n%s\n", strings.TrimRight(unindented(c.Example), "\n"))
		if flags := c.LocalNonPersistentFlags().FlagUsages(); flags != "" {
			fmt.Fprintf(b, "\n%s", flags)
		}
		b.WriteString("```\n")
		return
	}
	fmt.Fprintf(b, "\n## %s: %s\n", c.Name(), strings.TrimSuffix(c.Short, "."))
	for _, sub := range c.Commands() {
		reference(t, b, sub)
	}
}

func unindented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(strings.TrimPrefix(line, "  "))
	}
	return b.String()
}
