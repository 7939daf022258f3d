package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
	"github.com/chandler-csp/chandler/internal/lake"
)

// Node is one step of a derivation: what it is, its amount, and what it came from.
type Node struct {
	Text   string `json:"text"`
	Amount string `json:"amount,omitempty"`
	From   []Node `json:"from,omitempty"`
}

func node(text, amount string, from ...Node) Node { return Node{text, amount, from} }

// Explanation derives one line of an invoice, the partner's side and Microsoft's.
type Explanation struct {
	Invoice string       `json:"invoice"`
	Line    billing.Line `json:"line"`
	Tree    Node         `json:"tree"`
}

// Explain derives an invoice's line down to usage rows, price rows, rates, rules and rounding steps, all from the
// snapshot that the invoice's run kept.
func (a *App) Explain(ctx context.Context, ref string, n int) (Explanation, error) {
	inv, err := a.store.Invoice(ctx, ref)
	if err != nil {
		return Explanation{}, err
	}
	i := slices.IndexFunc(inv.Lines, func(l billing.Line) bool { return l.N == n })
	if i < 0 {
		return Explanation{}, errs.New(errs.NotFound, "invoice.no_line", "%s has %d lines, none with number %d", inv.Name(), len(inv.Lines), n)
	}
	line := inv.Lines[i]
	e := Explanation{Invoice: inv.Name(), Line: line}
	e.Tree = node(fmt.Sprintf("%s line %d: %s", inv.Name(), n, line.Description), inCurrency(line.Net, inv.Currency))
	if line.Exchange != nil {
		x := line.Exchange
		e.Tree.From = append(e.Tree.From, node(fmt.Sprintf("converted from %s %s at %s (%s, %s)", x.Amount.Plain(), x.From, x.Rate.Plain(), x.Source, x.On), ""))
	}
	if len(line.ChargeIDs) == 0 {
		e.Tree.From = append(e.Tree.From, a.explainOther(line))
		return e, nil
	}
	s, err := a.storedRun(ctx, inv.RunID)
	if err != nil {
		return e, err
	}
	ex := &explaining{a: a, s: s}
	from, err := ex.charges(ctx, line.ChargeIDs)
	e.Tree.From = append(e.Tree.From, from...)
	return e, err
}

// explainOther words a line that no charge stands behind: its own fields are all there is.
func (a *App) explainOther(l billing.Line) Node {
	text := fmt.Sprintf("%s: %s x %s", l.Kind, l.Quantity.Plain(), l.UnitPrice.Plain())
	if l.RuleID != "" {
		text += fmt.Sprintf(", rule %s version %d", l.RuleID, l.RuleVersion)
	}
	if l.ServiceID != "" {
		text += ", service " + l.ServiceID
	}
	return node(text, l.Net.String())
}

// explaining derives charges of one run.
type explaining struct {
	a      *App
	s      *stored
	book   *pricing.Book
	prices map[string]catalog.PriceRow
}

// maxExplained bounds the charges of one line that are derived in full; a group can hold more.
const maxExplained = 25

func (ex *explaining) charges(ctx context.Context, ids []string) ([]Node, error) {
	var subjects []pricing.Subject
	var nodes []Node
	var rule *pricing.Rule
	var groupKey string
	n := 0
	for c, err := range ex.a.lake.Charges(ctx, ex.s.charges, ids) {
		if err != nil {
			return nil, err
		}
		if n++; n > maxExplained {
			nodes = append(nodes, node(fmt.Sprintf("and %d more charges", len(ids)-maxExplained), ""))
			break
		}
		r, m, err := ex.rated(ctx, &c)
		if err != nil {
			return nil, err
		}
		ex.book = pricing.NewBook(ex.s.rules).WithRates(m.rateSource)
		sub := rating.Selling{RunID: ex.s.ID, Book: ex.book, Who: ex.s.parties.who}.Subject(r)
		d := ex.book.Explain(sub)
		subjects, rule, groupKey = append(subjects, sub), d.Winner, c.SellGroup
		sell := ex.sellSide(sub, d)
		if c.SellGroup != "" {
			sell = shareSide(&c, d)
		}
		nodes = append(nodes, ex.charge(ctx, &c, r, sell))
	}
	if groupKey != "" && rule != nil && n <= maxExplained && rule.Bundle == nil {
		g := ex.book.PriceGroup(subjects, rule)
		group := node(fmt.Sprintf("rounded on the group by rule %s", rule.ID), g.Rounded.String(), steps(g.Steps)...)
		group.From = append(group.From, nodes...)
		return []Node{group}, nil
	}
	return nodes, nil
}

// rated reads and rates the one line that a charge came from, with the usage of its meter.
func (ex *explaining) rated(ctx context.Context, c *rating.Charge) (*rating.Rated, *month, error) {
	m := &month{period: ex.s.Period, snapshot: ex.s.inputs, rates: map[money.Currency]money.Decimal{}}
	at := &lake.At{DataSet: c.DataSet, File: c.Place.File, Line: c.Place.Line}
	l, err := ex.line(ctx, m, c, at)
	if err != nil {
		return nil, nil, err
	}
	k := catalog.ProductSKU{ProductID: c.ProductID, SkuID: c.SkuID}
	rows, err := ex.a.lake.PriceRows(ctx, m.snapshot, []catalog.ProductSKU{k})
	if err != nil {
		return nil, nil, err
	}
	m.sheet, ex.prices = catalog.NewSheet(rows), map[string]catalog.PriceRow{}
	for _, r := range rows {
		ex.prices[r.ID] = r
	}
	fx, err := ex.a.lake.FXRates(ctx, m.snapshot, m.period)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range fx {
		m.rates[r.Currency] = r.USDPerUnit
	}
	if l == nil || rating.Metered(l) {
		var groups []usage.Group
		for g, err := range ex.a.lake.Groups(ctx, m.snapshot, lake.GroupPick{ByDay: []catalog.ProductSKU{k}, Subscription: c.SubscriptionID, Product: k}) {
			if err != nil {
				return nil, nil, err
			}
			groups = append(groups, g)
		}
		m.listed = rating.List(groups, m.sheet)
	}
	if l == nil {
		for _, estimated := range rating.Estimate(m.listed) {
			if estimated.ID == c.LineID {
				l = estimated
			}
		}
	}
	if l == nil {
		return nil, nil, errs.New(errs.NotFound, "charge.line_gone", "the line of charge %s is not in the data that its run read", c.ID)
	}
	r := rating.Rate(l, shareOf(l, m.listed), m.sheet)
	return &r, m, nil
}

func (ex *explaining) line(ctx context.Context, m *month, c *rating.Charge, at *lake.At) (*usage.Line, error) {
	read := ex.a.lake.Lines
	if dataSetTable(m.snapshot, c.DataSet) == lake.TableCost {
		read = ex.a.lake.CostLines
	}
	if c.DataSet == "estimate" {
		return nil, nil //nolint:nilnil // an estimate has no line in the lake; the caller makes it again
	}
	for l, err := range read(ctx, m.snapshot, at) {
		if err != nil {
			return nil, err
		}
		if l.ID == c.LineID {
			return l, nil
		}
	}
	return nil, errs.New(errs.NotFound, "charge.line_gone", "%s:%d is not in the data that the run read", c.Place.File, c.Place.Line)
}

func dataSetTable(s lake.Snapshot, key string) string {
	for _, d := range s.Sets {
		if d.Key == key {
			return d.Table
		}
	}
	return ""
}

// shareOf is the usage that the line charges, of its meter's usage.
func shareOf(l *usage.Line, listed []rating.Listed) []*rating.Listed {
	for _, b := range rating.Join([]*usage.Line{l}, listed, nil) {
		for i := range b.Lines {
			return slices.DeleteFunc(b.Share[i], func(g *rating.Listed) bool { return slices.Contains(b.Stray, g) })
		}
	}
	return nil
}
