package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/dataset"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
)

// amounts writes sums by currency.
func amounts(list []dataset.Amount) string {
	text := ""
	for i, a := range list {
		if i > 0 {
			text += ", "
		}
		text += a.Value.Round(money.HalfUp, a.Currency.MinorUnits()).Fixed(a.Currency.MinorUnits()) + " " + string(a.Currency)
	}
	return text
}

func (s *session) priceCommand() *cobra.Command {
	return noun("price", "The partner's own prices",
		noun("rule", "Price rules: what a customer pays", s.ruleAdd(), s.ruleList(), s.ruleShow(), s.ruleTest(), s.ruleRemove()))
}

func (s *session) ruleAdd() *cobra.Command {
	var file string
	c := s.verb("add", "Add rules, or new versions of rules with a known id", "  chandler price rule add --file rules.json", cobra.NoArgs,
		func(ctx context.Context, a *app.App, _ []string) error {
			if file == "" {
				return wrongUsage("--file is needed: a JSON file with one rule, an array, or {\"items\": [...]}")
			}
			f, err := os.Open(file) //nolint:gosec // the person names the file
			if err != nil {
				return err
			}
			defer f.Close()
			rules, err := pricing.Decode(f)
			if err != nil {
				return err
			}
			added, err := a.AddRules(ctx, rules)
			if err != nil {
				return err
			}
			return s.out.print(map[string]any{"items": added}, func(w io.Writer) { printRules(w, added) })
		})
	c.Flags().StringVar(&file, "file", "", "JSON file")
	return c
}

func (s *session) ruleList() *cobra.Command {
	return s.verb("list", "List the rules in force, strongest first", "  chandler price rule list --json", cobra.NoArgs,
		func(ctx context.Context, a *app.App, _ []string) error {
			rules, err := a.Rules(ctx)
			if err != nil {
				return err
			}
			return s.out.print(map[string]any{"items": rules}, func(w io.Writer) { printRules(w, rules) })
		})
}

func printRules(w io.Writer, rules []pricing.Rule) {
	if len(rules) == 0 {
		fmt.Fprintln(w, "no rules: every line sells at retail, or at cost where it has none")
		return
	}
	t := newTable("id", ">version", ">priority", "for", "price", "valid")
	for i := range rules {
		r := &rules[i]
		valid := ""
		if !r.ValidFrom.IsZero() || !r.ValidTo.IsZero() {
			valid = r.ValidFrom.String() + " to " + r.ValidTo.String()
		}
		t.add(r.ID, strconv.Itoa(r.Version), strconv.Itoa(r.Priority), r.SelectWords(), r.PriceWords(), valid)
	}
	t.write(w)
}

func (s *session) ruleShow() *cobra.Command {
	return s.verb("show RULE", "Show a rule with all its versions", "  chandler price rule show A2", cobra.ExactArgs(1),
		func(ctx context.Context, a *app.App, args []string) error {
			versions, err := a.Rule(ctx, args[0])
			if err != nil {
				return err
			}
			return s.out.print(map[string]any{"items": versions}, func(w io.Writer) { printRules(w, versions) })
		})
}

func (s *session) ruleRemove() *cobra.Command {
	return s.verb("remove RULE", "Remove a rule from now on; runs that used it keep their version", "  chandler price rule remove A2", cobra.ExactArgs(1),
		func(ctx context.Context, a *app.App, args []string) error {
			r, err := a.RemoveRule(ctx, args[0])
			if err != nil {
				return err
			}
			return s.out.print(r, func(w io.Writer) { fmt.Fprintln(w, "removed", r.ID) })
		})
}

func (s *session) ruleTest() *cobra.Command {
	var month, line, invoice string
	c := s.verb("test", "Show for lines of a month which rules applied, which lost and why",
		"  chandler price rule test --period 2026-03 --line recon_G090387211.csv:9\n  chandler price rule test --invoice inv_… --line 3", cobra.NoArgs,
		func(ctx context.Context, a *app.App, _ []string) error {
			p, err := optionalMonth(month)
			if err != nil {
				return err
			}
			if p == (period.Month{}) && invoice == "" {
				return wrongUsage("--period or --invoice is needed")
			}
			tests, err := a.TestRules(ctx, p, invoice, line)
			if err != nil {
				return err
			}
			return s.out.print(map[string]any{"items": tests}, func(w io.Writer) {
				for _, t := range tests {
					printTree(w, t.Tree, "", "")
				}
			})
		})
	c.Flags().StringVar(&month, "period", "", "billing month, YYYY-MM")
	c.Flags().StringVar(&line, "line", "", "a line's id or its place FILE:LINE; with --invoice its number; the first 20 lines when not given")
	c.Flags().StringVar(&invoice, "invoice", "", "a line of this invoice")
	return c
}
