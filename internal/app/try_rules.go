package app

import (
	"context"
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
)

// RuleTest shows for one line which rule applied, which lost and why.
type RuleTest struct {
	Line string `json:"line"`
	Rule string `json:"rule"`
	Tree Node   `json:"tree"`
}

// maxTested bounds a rule test without a line.
const maxTested = 20

// TestRules tries today's rules on lines of a month, or on a line of an invoice.
func (a *App) TestRules(ctx context.Context, p period.Month, invoice, line string) ([]RuleTest, error) {
	if invoice != "" {
		var n int
		if _, err := fmt.Sscan(line, &n); err != nil {
			return nil, errs.New(errs.Invalid, "line.number", "a line of an invoice is a number, not %q", line)
		}
		e, err := a.Explain(ctx, invoice, n)
		return []RuleTest{{Line: e.Invoice, Rule: e.Line.RuleID, Tree: e.Tree}}, err
	}
	m, ps, rules, err := a.gather(ctx, p)
	if err != nil {
		return nil, err
	}
	ex := &explaining{
		a: a, s: &stored{Run: billing.Run{Period: p}, inputs: m.snapshot, rules: rules, parties: ps},
		book: pricing.NewBook(rules).WithRates(m.rateSource),
	}
	var out []RuleTest
	for _, r := range a.prepare(ctx, m).Lines() {
		at := fmt.Sprintf("%s:%d", r.Line.Place.File, r.Line.Place.Line)
		if line != "" && line != at && line != r.Line.ID || len(out) == maxTested {
			continue
		}
		sub := rating.Selling{Book: ex.book, Who: ps.who}.Subject(r)
		d := ex.book.Explain(sub)
		t := RuleTest{Line: at, Tree: node(at+" "+nameOfLine(r.Line), "", ex.sellSide(sub, d))}
		if d.Winner != nil {
			t.Rule = d.Winner.ID
		}
		out = append(out, t)
	}
	if len(out) == 0 {
		return nil, errs.New(errs.NotFound, "line.none", "no line %s in %s", line, p)
	}
	return out, nil
}
