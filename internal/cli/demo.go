package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/demo"
)

func (s *session) demoCommand() *cobra.Command {
	var keep string
	c := &cobra.Command{
		Use: "demo", Short: "Bill a generated month from files to paid invoices, and show every step", Args: noWords,
		Example: "  chandler demo\n  chandler demo --keep ./demo",
		RunE: func(c *cobra.Command, _ []string) error {
			dir := keep
			if dir == "" {
				tmp, err := os.MkdirTemp("", "chandler-demo-*")
				if err != nil {
					return fmt.Errorf("make a folder for the demonstration: %w", err)
				}
				dir = tmp
			} else if _, err := os.Stat(filepath.Join(dir, "data", "records.db")); err == nil {
				return wrongUsage("%s holds a demonstration already", dir)
			}
			return (&demonstration{s: s, dir: dir}).run(c.Context())
		},
	}
	c.Flags().StringVar(&keep, "keep", "", "folder for files, data and invoices; a new temporary one when not given")
	return c
}

// demonstration runs the product's own commands in a folder, one after the other.
type demonstration struct {
	s    *session
	dir  string
	runs []json.RawMessage
}

func (d *demonstration) run(ctx context.Context) error {
	files, err := demo.Write(d.dir)
	if err != nil {
		return err
	}
	d.say("An invented partner in Hamburg, a dozen customers, and two invoices of Microsoft for %s, generated into %s.\n", demo.Month, d.dir)
	steps := [][]string{
		append([]string{"import"}, files.Microsoft...),
		{"seller", "set", "--file", files.Seller},
		{"price", "rule", "add", "--file", files.Rules},
	}
	for _, step := range steps {
		if err := d.do(ctx, step...); err != nil {
			return err
		}
	}
	if err := d.complete(ctx); err != nil {
		return err
	}
	if err := d.do(ctx, "bill", "run", "--period", demo.Month); err != nil {
		return err
	}
	if err := d.approve(ctx); err != nil {
		return err
	}
	if err := d.documents(ctx); err != nil {
		return err
	}
	if d.s.out.json {
		return d.s.out.print(map[string]any{"folder": d.dir, "commands": d.runs}, nil)
	}
	d.say("Everything is in %s: Microsoft's files in %s, the invoices in invoices, the data folder in data.\nGo on with:  chandler --data %s invoice list\n",
		d.dir, demo.Month, filepath.Join(d.dir, "data"))
	return nil
}

// approve approves all drafts; the list that follows shows them issued.
func (d *demonstration) approve(ctx context.Context) error {
	d.say("\n$ chandler invoice approve --period %s", demo.Month)
	return d.withData(ctx, func(a *app.App) error {
		ids, err := a.InvoicesToward(ctx, period.MustMonth(demo.Month), "approve")
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := a.Approve(ctx, id, app.Actor{}); err != nil {
				return err
			}
		}
		d.say("%d documents approved", len(ids))
		return nil
	})
}

func (d *demonstration) documents(ctx context.Context) error {
	invoice, line, err := d.worthShowing(ctx)
	if err != nil {
		return err
	}
	for _, step := range [][]string{
		{"invoice", "explain", invoice, "--line", line},
		{"invoice", "issue", "--period", demo.Month},
		{"invoice", "export", "--period", demo.Month, "--format", "pdf", "--out", filepath.Join(d.dir, "invoices") + "/"},
		{"invoice", "export", "--period", demo.Month, "--format", "ubl", "--out", filepath.Join(d.dir, "invoices") + "/"},
		{"export", "focus", "--period", demo.Month, "--out", filepath.Join(d.dir, "focus.csv")},
		{"invoice", "verify", invoice},
	} {
		if err := d.do(ctx, step...); err != nil {
			return err
		}
	}
	return nil
}

func (d *demonstration) say(format string, args ...any) {
	if !d.s.out.json {
		fmt.Fprintf(d.s.env.Stdout, format+"\n", args...)
	}
}

// do runs one command as a person would type it.
func (d *demonstration) do(ctx context.Context, words ...string) error {
	env := d.s.env
	env.Now = demo.Clock
	env.Args = append([]string{"--data", filepath.Join(d.dir, "data")}, words...)
	var captured bytes.Buffer
	if d.s.out.json {
		env.Args, env.Stdout = append(env.Args, "--json"), &captured
	}
	d.say("\n$ chandler %s", shortWords(words))
	if code := Run(ctx, env); code != ExitDone {
		return fmt.Errorf("the command ended with exit code %d", code)
	}
	if d.s.out.json {
		d.runs = append(d.runs, captured.Bytes())
	}
	return nil
}

// shortWords writes a command line without the folders of its files.
func shortWords(words []string) string {
	text := ""
	for i, w := range words {
		if i == 4 && words[0] == "import" {
			return text + "…"
		}
		if filepath.IsAbs(w) {
			w = filepath.Base(w)
		}
		text += w + " "
	}
	return text
}

// complete gives the customers that the import made their addresses.
func (d *demonstration) complete(ctx context.Context) error {
	return d.withData(ctx, func(a *app.App) error {
		all, err := a.Customers(ctx)
		if err != nil {
			return err
		}
		for n, c := range all {
			text, err := json.Marshal(demo.Address(c, n))
			if err != nil {
				return fmt.Errorf("complete %s: %w", c.Name, err)
			}
			if _, err := a.SetCustomer(ctx, c.ID, bytes.NewReader(text)); err != nil {
				return err
			}
		}
		d.say("\n(the %d customers get an address and a VAT id, as `chandler customer set` would give them)", len(all))
		return nil
	})
}

func (d *demonstration) withData(ctx context.Context, run func(*app.App) error) error {
	inner := *d.s
	inner.data, inner.env.Now = filepath.Join(d.dir, "data"), demo.Clock
	return inner.withApp(ctx, "chandler demo", run)
}

// The size of a derivation that a page can show.
const leastSteps, mostSteps = 20, 45

// worthShowing finds an Azure line of the month with a derivation of that size, or the last one that there is.
func (d *demonstration) worthShowing(ctx context.Context) (invoice, line string, err error) {
	err = d.withData(ctx, func(a *app.App) error {
		rows, err := a.Invoices(ctx, app.InvoiceFilter{})
		if err != nil {
			return err
		}
		for _, r := range rows {
			v, err := a.Invoice(ctx, r.ID)
			if err != nil {
				return err
			}
			for _, l := range v.Lines {
				if l.Category != "Azure plan" {
					continue
				}
				e, err := a.Explain(ctx, r.ID, l.N)
				if err != nil {
					return err
				}
				invoice, line = r.ID, strconv.Itoa(l.N)
				if n := size(e.Tree); n >= leastSteps && n <= mostSteps {
					return nil
				}
			}
		}
		return nil
	})
	return invoice, line, err
}

// size counts the steps of a derivation.
func size(n app.Node) int {
	sum := 1
	for _, c := range n.From {
		sum += size(c)
	}
	return sum
}
