package cli

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/chandler-csp/chandler/internal/app"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// value is a flag that is read while the command line is: what is wrong with it is told before the data folder is
// opened, which may mean to wait for another process.
type value struct {
	kind string // what help shows behind the flag's name
	text string
	set  func(text string) error
}

func (v *value) String() string { return v.text }
func (v *value) Type() string   { return v.kind }
func (v *value) Set(text string) error {
	if err := v.set(text); err != nil {
		return err
	}
	v.text = text
	return nil
}

func monthFlag(c *cobra.Command, to *period.Month, usage string) {
	c.Flags().Var(&value{kind: "YYYY-MM", set: func(text string) error {
		m, err := period.ParseMonth(text)
		if err != nil {
			return errors.New("want YYYY-MM, such as 2026-03")
		}
		*to = m
		return nil
	}}, "period", usage)
}

func dateFlag(c *cobra.Command, to *period.Date, name, usage string) {
	c.Flags().Var(&value{kind: "YYYY-MM-DD", set: func(text string) error {
		d, err := period.ParseDate(text)
		if err != nil || d.IsZero() {
			return errors.New("want YYYY-MM-DD, such as 2026-03-31")
		}
		*to = d
		return nil
	}}, name, usage)
}

func amountFlag(c *cobra.Command, to **money.Decimal, name, usage string) {
	c.Flags().Var(&value{kind: "AMOUNT", set: func(text string) error {
		d, err := money.Parse(text)
		if err != nil {
			return errors.New("want an amount such as 1190.00")
		}
		*to = &d
		return nil
	}}, name, usage)
}

// choiceFlag takes one of a few words.
func choiceFlag(c *cobra.Command, to *string, name, kind string, words []string, usage string) {
	c.Flags().Var(&value{kind: kind, text: *to, set: func(text string) error {
		if !slices.Contains(words, text) {
			return fmt.Errorf("want one of %s", strings.Join(words, ", "))
		}
		*to = text
		return nil
	}}, name, usage+": "+strings.Join(words, ", "))
}

// linesFlag takes N or N=AMOUNT, as often as it is given.
func linesFlag(c *cobra.Command, to *[]app.CreditLine, name, usage string) {
	c.Flags().Var(&value{kind: "N[=AMOUNT]", set: func(text string) error {
		number, amount, partly := strings.Cut(text, "=")
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 {
			return errors.New("want N or N=AMOUNT, such as 3=12.50")
		}
		line := app.CreditLine{N: n}
		if partly {
			d, err := money.Parse(amount)
			if err != nil {
				return errors.New("want N or N=AMOUNT, such as 3=12.50")
			}
			line.Amount = &d
		}
		*to = append(*to, line)
		return nil
	}}, name, usage)
}

// waitFlag takes how long to wait for the data folder. No value: as long as another process holds it.
func waitFlag(to *time.Duration) *value {
	return &value{kind: "DURATION", set: func(text string) error {
		d, err := time.ParseDuration(text)
		if text == "0" {
			d, err = 0, nil
		}
		if err != nil || d < 0 {
			return errors.New("want a duration such as 30s, or 0")
		}
		*to = d
		if d == 0 {
			*to = app.NoWait
		}
		return nil
	}}
}

// needs makes a command refuse to start without a flag.
func needs(c *cobra.Command, name, hint string) *cobra.Command {
	before := c.PreRunE
	c.PreRunE = func(c *cobra.Command, args []string) error {
		if f := c.Flags().Lookup(name); !f.Changed || f.Value.String() == "" {
			return wrongUsage("--%s is needed: %s", name, hint)
		}
		if before != nil {
			return before(c, args)
		}
		return nil
	}
	return c
}

// The words that a command takes behind its name. Their faults are worded by the command's own line of usage.
func noWords(c *cobra.Command, args []string) error   { return words(c, args, 0, 0) }
func oneWord(c *cobra.Command, args []string) error   { return words(c, args, 1, 1) }
func someWords(c *cobra.Command, args []string) error { return words(c, args, 1, len(args)) }

func words(c *cobra.Command, args []string, least, most int) error {
	usage := strings.TrimSuffix(c.UseLine(), " [flags]")
	if len(args) < least {
		return wrongUsage("%s is missing: %s", c.Use[strings.LastIndex(c.Use, " ")+1:], usage)
	}
	if len(args) > most {
		return wrongUsage("%q is too much: %s", args[most], usage)
	}
	return nil
}

// namedOrMonth wants either names or --period.
func namedOrMonth(c *cobra.Command, args []string) error {
	if (len(args) == 0) != c.Flags().Changed("period") {
		return wrongUsage("name invoices, or give --period for all of a month")
	}
	return nil
}
