package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
)

// Environment is what the command line takes from the process.
type Environment struct {
	Args           []string // without the program's name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Now            func() time.Time
}

// session is one run of the command line.
type session struct {
	env      Environment
	out      *output
	progress *progress
	data     string
	wait     time.Duration
}

// Run executes a command line and returns the exit code.
func Run(ctx context.Context, env Environment) int {
	s := &session{env: env, out: &output{stdout: env.Stdout, stderr: env.Stderr, json: wantsJSON(env.Args)}, progress: newProgress(env.Stderr, env.Now)}
	root := s.root()
	root.SetArgs(env.Args)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	var text strings.Builder // what is no result: help, and scripts for shells
	if s.out.json {
		root.SetOut(&text)
	}
	c, err := root.ExecuteContextC(ctx)
	if err == nil && s.out.json && !s.out.printed {
		err = s.out.print(map[string]any{"command": c.CommandPath(), "text": text.String()}, nil)
	}
	if err != nil {
		if strings.HasPrefix(err.Error(), "unknown command") {
			err = usageError{err}
		}
		return s.out.fail(ctx, err)
	}
	return ExitDone
}

// wantsJSON looks ahead, so that a fault of the command line itself is a document too.
func wantsJSON(args []string) bool {
	wants := false
	for i, a := range args {
		if a == "--" || i == 0 && strings.HasPrefix(a, cobra.ShellCompRequestCmd) { // a shell asks what may follow
			break
		}
		if a == "--json" {
			wants = true
		} else if text, ok := strings.CutPrefix(a, "--json="); ok {
			wants, _ = strconv.ParseBool(text) // the command line itself refuses another word
		}
	}
	return wants
}

func (s *session) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "chandler",
		Short: "Run a Cloud Solution Provider business: bill a month, proved to the cent",
		Long: "Chandler bills the customers of a Microsoft cloud partner from Microsoft's own files,\n" +
			"and proves that nothing was lost between what Microsoft charged and what the partner charges.",
		Example:       "  chandler import ~/partner-center/2026-03/*\n  chandler bill run --period 2026-03\n  chandler invoice list",
		SilenceErrors: true, SilenceUsage: true,
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	flags := root.PersistentFlags()
	flags.StringVar(&s.data, "data", defaultData(), "data folder; one process holds it at a time")
	flags.Bool("json", false, "print exactly one JSON document on stdout") // read ahead by wantsJSON
	flags.Var(waitFlag(&s.wait), "wait", "how long to wait for a data folder that another process holds; 0 not at all, not given as long as it does")
	root.InitDefaultHelpFlag() // so that --help may stand before the words too
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(s.importCommand(), s.billCommand(), s.invoiceCommand(), s.reconCommand(), s.priceCommand(), s.customerCommand(),
		s.resellerCommand(), s.sellerCommand(), s.serviceCommand(), s.exportCommand(), s.benchCommand(), s.demoCommand(), s.versionCommand())
	return root
}

func defaultData() string {
	if d := os.Getenv("CHANDLER_DATA"); d != "" {
		return d
	}
	if d := os.Getenv("XDG_DATA_HOME"); d != "" {
		return filepath.Join(d, "chandler")
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "chandler-data"
	}
	return filepath.Join(home, ".local", "share", "chandler")
}

// noun is a command that only holds verbs.
func noun(use, short string, verbs ...*cobra.Command) *cobra.Command {
	c := &cobra.Command{Use: use, Short: short, Args: cobra.ArbitraryArgs, RunE: func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return wrongUsage("%s needs a verb: %s", c.CommandPath(), verbNames(c))
		}
		return wrongUsage("%s knows no %q: %s", c.CommandPath(), args[0], verbNames(c))
	}}
	c.AddCommand(verbs...)
	return c
}

func verbNames(c *cobra.Command) string {
	names := make([]string, 0, len(c.Commands()))
	for _, v := range c.Commands() {
		names = append(names, v.Name())
	}
	return strings.Join(names, ", ")
}

// verb makes a command that works on the open application.
func (s *session) verb(use, short, example string, args cobra.PositionalArgs, run func(context.Context, *app.App, []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Example: example, Args: args, RunE: func(c *cobra.Command, args []string) error {
		return s.withApp(c.Context(), c.CommandPath(), func(a *app.App) error { return run(c.Context(), a, args) })
	}}
}

// withApp opens the data folder, waiting for another process that holds it.
func (s *session) withApp(ctx context.Context, as string, run func(*app.App) error) (err error) {
	o := app.Options{Data: s.data, As: as, Now: s.env.Now, Progress: s.progress.update, Wait: s.wait, Waiting: func(holder string) {
		s.note("waiting for %s, which holds %s", holder, s.data)
	}}
	a, err := app.Open(ctx, o)
	if err != nil {
		return err //nolint:wrapcheck // worded for a person already
	}
	defer func() {
		s.progress.done()
		err = errors.Join(err, a.Close())
	}()
	return run(a)
}

// note writes a line for a person on stderr.
func (s *session) note(format string, args ...any) {
	fmt.Fprintf(s.env.Stderr, "chandler: "+format+"\n", args...)
}
