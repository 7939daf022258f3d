package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
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
	e.Tree = node(fmt.Sprintf("%s line %d: %s", inv.Name(), n, line.Description), line.Net.String()+" "+string(inv.Currency))
	if line.Exchange != nil {
		x := line.Exchange
		e.Tree.From = append(e.Tree.From, node(fmt.Sprintf("converted from %s %s at %s (%s, %s)", x.Amount.Plain(), x.From, x.Rate.Plain(), x.Source, x.On), ""))
	}
	if len(line.ChargeIDs) == 0 {
		e.Tree.From = append(e.Tree.From, a.explainOther(line))
		return e, nil
	}
	run, err := a.store.Run(ctx, inv.RunID)
	if err != nil {
		return e, err
	}
	s, err := readRun(run)
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
		nodes = append(nodes, ex.charge(ctx, &c, r, sub, d))
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

// charge words both sides of a charge.
func (ex *explaining) charge(ctx context.Context, c *rating.Charge, r *rating.Rated, sub pricing.Subject, d pricing.Decision) Node {
	l := r.Line
	return node(fmt.Sprintf("%s:%d %s, %s", c.Place.File, c.Place.Line, c.ChargeType, nameOfLine(l)), c.Sell.String()+" "+string(c.SellCurrency),
		ex.sellSide(sub, d), ex.listSide(ctx, r), ex.upstreamSide(r))
}

func nameOfLine(l *usage.Line) string {
	if l.SkuName != "" {
		return l.SkuName
	}
	return l.ProductName
}

func steps(list []pricing.Step) []Node {
	nodes := make([]Node, len(list))
	for i, s := range list {
		nodes[i] = node(s.Words, s.Amount.Plain())
	}
	return nodes
}

// sellSide is the rule that won, its steps, and why the others lost.
func (ex *explaining) sellSide(sub pricing.Subject, d pricing.Decision) Node {
	p := ex.book.Price(sub, d.Winner)
	head := node("sell: no rule matches; retail, or cost where there is none", p.Rounded.Plain()+" "+string(p.Currency), steps(p.Steps)...)
	if d.Winner != nil {
		head.Text = fmt.Sprintf("sell: rule %s version %d", d.Winner.ID, d.Winner.Version)
	}
	for _, r := range d.Minimums {
		head.From = append(head.From, node("counts toward the minimum fee of rule "+r.ID, ""))
	}
	for _, l := range d.Losers {
		head.From = append(head.From, node(fmt.Sprintf("rule %s lost: %s", l.Rule.ID, l.Reason), ""))
	}
	return head
}

// listSide is the list amount: price rows and tiers by day, partner earned credit, conversion.
func (ex *explaining) listSide(ctx context.Context, r *rating.Rated) Node {
	l := r.Line
	n := node("retail", r.Retail.Plain()+" "+string(l.Currency))
	switch {
	case !r.HasRetail:
		n.Text = "retail: none for this kind of line; its cost stands in"
		return n
	case r.Committed != nil:
		p := r.Committed
		n.From = append(n.From, node(fmt.Sprintf("price row %s:%d: ERP %s for %s %s %s, valid from %s; at the term's start %s", p.Place.File, p.Place.Line,
			p.ERPPrice.Plain(), p.Term, p.BillingPlan, p.Segment, p.From, l.SubscriptionStart), ""))
		n.From = append(n.From, node(fmt.Sprintf("%s of %s days of the cycle from %s to %s", fmt.Sprint(r.Up.Share.Days), fmt.Sprint(r.Up.Share.Of), r.Up.Cycle.From, r.Up.Cycle.To), ""))
	}
	for _, g := range r.Usage {
		n.From = append(n.From, ex.day(g))
	}
	if r.Gap.Abs().Cmp(money.MustParse("0.000001")) > 0 {
		n.From = append(n.From, node(fmt.Sprintf("%s units that no usage explains, at the line's own %s", r.Gap.Plain(), l.UnitPrice.Plain()), ""))
	}
	if !r.PECCredit.IsZero() {
		n.From = append(n.From, node("partner earned credit inside it (15 %)", r.PECCredit.Plain()))
	}
	if !l.FXRate.IsZero() && l.PricingCurrency != l.Currency {
		n.From = append(n.From, node(fmt.Sprintf("x %s %s per %s (line's PCToBCExchangeRate of %s)", l.FXRate.Plain(), l.Currency, l.PricingCurrency, l.FXRateDate), ""))
	}
	if rows := ex.usageRows(ctx, r); len(rows) > 0 {
		n.From = append(n.From, node("usage rows", "", rows...))
	}
	return n
}

// day is one usage group with its price steps.
func (ex *explaining) day(g *rating.Listed) Node {
	span := g.From.String()
	if g.To != g.From {
		span += " to " + g.To.String()
	}
	n := node(fmt.Sprintf("%s: %s %s in %d rows, credit %s %%", span, g.Quantity.Plain(), g.Unit, g.Rows, g.PEC.Plain()), g.Amount.Plain()+" "+string(g.PricingCurrency))
	for _, s := range g.Steps {
		p := ex.prices[s.RowID]
		text := fmt.Sprintf("%s x %s, price row %s:%d", s.Quantity.Plain(), s.Price.Plain(), p.Place.File, p.Place.Line)
		if !p.TierOpen {
			text += fmt.Sprintf(", tier to %s", p.TierMax.Plain())
		} else if p.TierMin.Sign() > 0 {
			text += fmt.Sprintf(", tier from %s", p.TierMin.Plain())
		}
		n.From = append(n.From, node(text, s.Amount.Plain()))
	}
	return n
}

func (ex *explaining) usageRows(ctx context.Context, r *rating.Rated) []Node {
	var ids []int64
	for _, g := range r.Usage {
		if !slices.Contains(ids, g.ID) {
			ids = append(ids, g.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	var nodes []Node
	for _, e := range ex.a.rowsOf(ctx, ex.s.inputs, ids) {
		nodes = append(nodes, node(fmt.Sprintf("%s:%d  %s", e.File, e.Line, e.Detail), ""))
	}
	return nodes
}

// upstreamSide is Microsoft's own amount: mode, effective unit price, days, truncations.
func (ex *explaining) upstreamSide(r *rating.Rated) Node {
	l, up := r.Line, r.Up
	n := node(fmt.Sprintf("cost: Microsoft's Subtotal, %s mode", up.Mode), l.Subtotal.String()+" "+string(l.Currency))
	fx := l.FXRate
	if fx.IsZero() {
		fx = money.FromInt(1)
	}
	switch up.Mode {
	case rating.ModeUsage:
		inner := up.EUP.MulExact(l.BillableQuantity)
		cut := inner.Round(money.HalfEven, 9).Round(money.Down, 2)
		n.From = append(n.From, node(fmt.Sprintf("%s x %s, cut to 2 decimals", up.EUP.Plain(), l.BillableQuantity.Plain()), cut.Plain()),
			node(fmt.Sprintf("x %s, cut to 2 decimals", fx.Plain()), up.Expected.Plain()))
	case rating.ModeUnit:
		n.From = append(n.From, node(fmt.Sprintf("%s x %s, cut to 2 decimals on the unit", up.EUP.Plain(), fx.Plain()), ""),
			node(fmt.Sprintf("x %s units", l.BillableQuantity.Plain()), up.Expected.Plain()))
	case rating.ModeLine, rating.ModeEither:
		n.From = append(n.From, node(fmt.Sprintf("%s x %s x %s, cut to 2 decimals on the line", up.EUP.Plain(), fx.Plain(), l.BillableQuantity.Plain()), up.Expected.Plain()))
	case rating.ModeNone:
		n.From = append(n.From, node("no rule of Microsoft's gives this amount; the nearest is", up.Expected.Plain()))
	}
	if up.Derived {
		n.From = append(n.From, node(fmt.Sprintf("effective unit price: %s x %d / %d days", l.UnitPrice.Plain(), up.Share.Days, up.Share.Of), up.EUP.Plain()))
	}
	return n
}

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
	snapshot, err := a.lake.Snapshot(ctx)
	if err != nil {
		return nil, err
	}
	m, err := a.load(ctx, snapshot, p)
	if err != nil {
		return nil, err
	}
	ps, err := a.parties(ctx, p)
	if err != nil {
		return nil, err
	}
	rules, err := a.store.Rules(ctx)
	if err != nil {
		return nil, err
	}
	ex := &explaining{a: a, s: &stored{Run: billing.Run{Period: p}, inputs: m.snapshot, rules: rules, parties: ps},
		book: pricing.NewBook(rules).WithRates(m.rateSource)}
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
