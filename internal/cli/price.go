package cli

import (
	"context"
	"fmt"
	"io"
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
	c := s.verb("add", "Add rules, or new versions of rules with a known id", "  chandler price rule add --file rules.json", noWords,
		func(ctx context.Context, a *app.App, _ []string) error {
			in, err := s.readFile(file)
			if err != nil {
				return err
			}
			rules, err := pricing.Decode(in)
			if err != nil {
				return err
			}
			added, err := a.AddRules(ctx, rules)
			if err != nil {
				return err
			}
			return s.out.print(map[string]any{"items": added}, func(w io.Writer) { printRules(w, added) })
		})
	return s.fileFlag(c, &file, "one rule, an array, or {\"items\": [...]} as price rule list --json prints it")
}

func (s *session) ruleList() *cobra.Command {
	return s.verb("list", "List the rules in force, strongest first", "  chandler price rule list --json", noWords,
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
	return s.verb("show RULE", "Show a rule with all its versions", "  chandler price rule show A2", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			versions, err := a.Rule(ctx, args[0])
			if err != nil {
				return err
			}
			return s.out.print(map[string]any{"items": versions}, func(w io.Writer) { printRules(w, versions) })
		})
}

func (s *session) ruleRemove() *cobra.Command {
	return s.verb("remove RULE", "Remove a rule from now on; runs that used it keep their version", "  chandler price rule remove A2", oneWord,
		func(ctx context.Context, a *app.App, args []string) error {
			r, err := a.RemoveRule(ctx, args[0])
			if err != nil {
				return err
			}
			return s.out.print(r, func(w io.Writer) { fmt.Fprintln(w, "removed", r.ID) })
		})
}

func (s *session) ruleTest() *cobra.Command {
	var p period.Month
	var line, invoice string
	c := s.verb("test", "Show for lines of a month which rules applied, which lost and why",
		"  chandler price rule test --period 2026-03 --line recon_G090387211.csv:9\n  chandler price rule test --invoice inv_… --line 3", noWords,
		func(ctx context.Context, a *app.App, _ []string) error {
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
	monthFlag(c, &p, "billing month")
	c.Flags().StringVar(&line, "line", "", "a line's id or its place FILE:LINE; with --invoice its number; the first 20 lines when not given")
	c.Flags().StringVar(&invoice, "invoice", "", "a line of this invoice")
	c.PreRunE = func(*cobra.Command, []string) error {
		switch {
		case p.IsZero() == (invoice == ""):
			return wrongUsage("either --period or --invoice is needed")
		case invoice != "" && line == "":
			return wrongUsage("--line is needed: which line of the invoice")
		}
		return nil
	}
	return c
}
