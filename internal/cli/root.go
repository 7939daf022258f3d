package cli

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Environment is what the command line takes from the process.
type Environment struct {
	Args           []string // without the program's name
	Stdout, Stderr io.Writer
	Now            func() time.Time
}

// session is one run of the command line.
type session struct {
	env      Environment
	out      *output
	progress *progress
	data     string
}

// Run executes a command line and returns the exit code.
func Run(ctx context.Context, env Environment) int {
	s := &session{env: env, out: &output{stdout: env.Stdout, stderr: env.Stderr, json: wantsJSON(env.Args)}, progress: newProgress(env.Stderr, env.Now)}
	root := s.root()
	root.SetArgs(env.Args)
	root.SetOut(env.Stdout)
	root.SetErr(env.Stderr)
	if err := root.ExecuteContext(ctx); err != nil {
		if strings.HasPrefix(err.Error(), "unknown command") {
			err = usageError{err}
		}
		return s.out.fail(err)
	}
	return ExitDone
}

// wantsJSON looks ahead, so that a fault of the command line itself is a document too.
func wantsJSON(args []string) bool {
	for _, a := range args {
		if a == "--" {
			return false
		}
		if a == "--json" || a == "--json=true" {
			return true
		}
	}
	return false
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
	flags.BoolVar(&s.out.json, "json", s.out.json, "print exactly one JSON document on stdout")
	help := root.HelpFunc()
	root.SetHelpFunc(func(c *cobra.Command, args []string) {
		if !s.out.json {
			help(c, args)
			return
		}
		var text strings.Builder
		c.SetOut(&text)
		help(c, args)
		_ = s.out.print(map[string]any{"command": c.CommandPath(), "help": text.String()}, nil) // an encoder of texts never fails
	})
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.AddCommand(s.importCommand(), s.billCommand(), s.invoiceCommand(), s.reconCommand(), s.priceCommand(), s.customerCommand(),
		s.resellerCommand(), s.sellerCommand(), s.serviceCommand(), s.exportCommand(), s.demoCommand())
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
	var names []string
	for _, v := range c.Commands() {
		names = append(names, v.Name())
	}
	return strings.Join(names, ", ")
}

// verb makes a command that works on the open application.
func (s *session) verb(use, short, example string, args cobra.PositionalArgs, run func(context.Context, *app.App, []string) error) *cobra.Command {
	return &cobra.Command{Use: use, Short: short, Example: example, Args: counted(args), RunE: func(c *cobra.Command, args []string) error {
		return s.withApp(c.Context(), func(a *app.App) error { return run(c.Context(), a, args) })
	}}
}

func counted(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if err := check(c, args); err != nil {
			return usageError{err}
		}
		return nil
	}
}

// withApp opens the data folder, waiting for another process that holds it.
func (s *session) withApp(ctx context.Context, run func(*app.App) error) (err error) {
	a, err := app.Open(ctx, app.Options{Data: s.data, Now: s.env.Now, Progress: s.progress.update, Waiting: func(holder string) {
		s.note("waiting for %s, which holds %s", holder, s.data)
	}})
	if err != nil {
		return err
	}
	defer func() {
		s.progress.done()
		err = errors.Join(err, a.Close())
	}()
	return run(a)
}

// note writes a line for a person on stderr.
func (s *session) note(format string, args ...any) {
	_, _ = io.WriteString(s.env.Stderr, "chandler: "+sprintf(format, args...)+"\n")
}

// monthFlag reads a required --period.
func monthOf(text string) (period.Month, error) {
	if text == "" {
		return period.Month{}, wrongUsage("--period is needed, such as --period 2026-03")
	}
	m, err := period.ParseMonth(text)
	if err != nil {
		return m, usageError{err}
	}
	return m, nil
}

// optionalMonth reads a --period that may be missing.
func optionalMonth(text string) (period.Month, error) {
	if text == "" {
		return period.Month{}, nil
	}
	return monthOf(text)
}
