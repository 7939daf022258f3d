package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// charge words both sides of a charge.
func (ex *explaining) charge(ctx context.Context, c *rating.Charge, r *rating.Rated, sell Node) Node {
	return node(fmt.Sprintf("%s:%d %s, %s", c.Place.File, c.Place.Line, c.ChargeType, nameOfLine(r.Line)), inCurrency(c.Sell, c.SellCurrency),
		sell, ex.listSide(ctx, r), ex.upstreamSide(r))
}

// inCurrency writes an amount with at least the currency's decimals.
func inCurrency(d money.Decimal, c money.Currency) string {
	if n := c.MinorUnits(); d.Scale() < n {
		return d.Fixed(n) + " " + string(c)
	}
	return d.Plain() + " " + string(c)
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
	head := node("sell: no rule matches; retail, or cost where there is none", inCurrency(p.Rounded, p.Currency), steps(p.Steps)...)
	if d.Winner != nil {
		head.Text = fmt.Sprintf("sell: rule %s version %d", d.Winner.ID, d.Winner.Version)
	}
	head.From = append(head.From, others(d)...)
	return head
}

// shareSide is the part of a charge in the amount of the group that it was rounded with.
func shareSide(c *rating.Charge, d pricing.Decision) Node {
	text := fmt.Sprintf("sell: its part of the group by rule %s version %d, %s, rounded", c.RuleID, c.RuleVersion, c.SellUnrounded.Plain())
	return node(text, inCurrency(c.Sell, c.SellCurrency), others(d)...)
}

// others are the rules that did not price the line, and why.
func others(d pricing.Decision) []Node {
	nodes := make([]Node, 0, len(d.Minimums)+len(d.Losers))
	for _, r := range d.Minimums {
		nodes = append(nodes, node("counts toward the minimum fee of rule "+r.ID, ""))
	}
	for _, l := range d.Losers {
		nodes = append(nodes, node(fmt.Sprintf("rule %s lost: %s", l.Rule.ID, l.Reason), ""))
	}
	return nodes
}

// listSide is the list amount: price rows and tiers by day, partner earned credit, conversion.
func (ex *explaining) listSide(ctx context.Context, r *rating.Rated) Node {
	l := r.Line
	n := node("retail", inCurrency(r.Retail, l.Currency))
	switch {
	case !r.HasRetail:
		n.Text = "retail: none for this kind of line; its cost stands in"
		return n
	case r.Committed != nil:
		p := r.Committed
		n.From = append(n.From, node(fmt.Sprintf("price row %s:%d: ERP %s for %s %s %s, valid from %s; at the term's start %s", p.Place.File, p.Place.Line,
			p.ERPPrice.Plain(), p.Term, p.BillingPlan, p.Segment, p.From, l.SubscriptionStart), ""))
		n.From = append(n.From, node(shareWords(r.Up), ""))
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

func shareWords(up rating.Upstream) string {
	if up.Share == rating.Whole {
		return "the whole cycle" + cycleWords(up)
	}
	return fmt.Sprintf("%d of %d days of the cycle%s", up.Share.Days, up.Share.Of, cycleWords(up))
}

func cycleWords(up rating.Upstream) string {
	if !up.HasCycle {
		return ""
	}
	return fmt.Sprintf(" from %s to %s", up.Cycle.From, up.Cycle.To)
}

// day is one usage group with its price steps.
func (ex *explaining) day(g *rating.Listed) Node {
	span := g.From.String()
	if g.To != g.From {
		span += " to " + g.To.String()
	}
	n := node(fmt.Sprintf("%s: %s x %s in %d rows, credit %s %%", span, g.Quantity.Plain(), g.Unit, g.Rows, g.PEC.Plain()), g.Amount.Plain()+" "+string(g.PricingCurrency))
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

// modeWords name the rounding family that a line follows (billing reference B1).
var modeWords = map[rating.Mode]string{
	rating.ModeUsage: "rounded as usage", rating.ModeUnit: "rounded on the unit", rating.ModeLine: "rounded on the line",
	rating.ModeEither: "the same rounded on unit and line", rating.ModeLegacy: "rounded as legacy commerce", rating.ModeExact: "as the row says",
	rating.ModeNone: "by no rule of Microsoft's",
}

// upstreamSide is Microsoft's own amount: mode, effective unit price, days, truncations.
func (ex *explaining) upstreamSide(r *rating.Rated) Node {
	l, up := r.Line, r.Up
	n := node(fmt.Sprintf("cost: Microsoft's Subtotal, %s", modeWords[up.Mode]), inCurrency(l.Subtotal, l.Currency))
	fx := l.FXRate
	if fx.IsZero() {
		fx = money.FromInt(1)
	}
	switch up.Mode {
	case rating.ModeUsage:
		inner := up.EUP.MulExact(l.BillableQuantity)
		cut := inner.Round(money.HalfEven, 9).Round(money.Down, 2)
		n.From = append(n.From, node(fmt.Sprintf("%s x %s, cut to 2 decimals", up.EUP.Plain(), l.BillableQuantity.Plain()), cut.Fixed(2)),
			node(fmt.Sprintf("x %s, cut to 2 decimals", fx.Plain()), up.Expected.Fixed(2)))
	case rating.ModeUnit:
		n.From = append(n.From, node(fmt.Sprintf("%s x %s, cut to 2 decimals on the unit", up.EUP.Plain(), fx.Plain()), ""),
			node(fmt.Sprintf("x %s units", l.BillableQuantity.Plain()), up.Expected.Fixed(2)))
	case rating.ModeLine, rating.ModeEither:
		n.From = append(n.From, node(fmt.Sprintf("%s x %s x %s, cut to 2 decimals on the line", up.EUP.Plain(), fx.Plain(), l.BillableQuantity.Plain()), up.Expected.Fixed(2)))
	case rating.ModeLegacy:
		n.From = append(n.From, node(fmt.Sprintf("%s x %s, half-up to 2 decimals", up.EUP.Plain(), l.BillableQuantity.Plain()), up.Expected.Fixed(2)))
	case rating.ModeExact:
	case rating.ModeNone:
		n.From = append(n.From, node("no rule of Microsoft's gives this amount; the nearest is", up.Expected.Fixed(2)))
	}
	if up.Derived {
		n.From = append(n.From, node(fmt.Sprintf("effective unit price: %s for %s", l.UnitPrice.Plain(), shareWords(up)), up.EUP.Plain()))
	}
	return n
}
