package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// charge words both sides of a charge.
func (ex *explaining) charge(ctx context.Context, d *derived) Node {
	c, r := &d.charge, d.rated
	sell := ex.sellSide(d.subject, d.decision)
	if c.SellGroup != "" {
		sell = shareSide(c, d.decision)
	}
	if x := c.Exchange; x != nil {
		sell.From = append(sell.From, node(fmt.Sprintf("rate: %s %s per %s (%s, %s)", x.Rate.Plain(), x.To, x.From, x.Source, x.On), ""))
	}
	return node(fmt.Sprintf("%s %s, %s", whence(c), c.ChargeType, nameOfLine(r.Line)), inCurrency(c.Sell, c.SellCurrency),
		sell, ex.listSide(ctx, d), ex.upstreamSide(r)).how(HowFirst)
}

// whence is the place of the line that a charge came from.
func whence(c *rating.Charge) string {
	if c.Place.File == "" {
		return "estimated from usage:"
	}
	return fmt.Sprintf("%s:%d", c.Place.File, c.Place.Line)
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
	head := node("sell: no rule matches; retail, or cost where there is none", inCurrency(p.Rounded, p.Currency), steps(p.Steps)...).how(HowSteps)
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
func (ex *explaining) listSide(ctx context.Context, d *derived) Node {
	r := d.rated
	l := r.Line
	n := node("retail", inCurrency(r.Retail, l.Currency))
	switch {
	case !r.HasRetail:
		n.Text = "retail: none for this kind of line; its cost stands in"
		return n
	case l.Family == usage.FamilyCostRow:
		n.Text = "retail: the list cost of the row"
		return n
	case r.Committed != nil:
		n.From = ex.committedSteps(r)
	default:
		n.From = ex.meteredSteps(d)
	}
	if k := len(n.From); k > 0 && sameAmount(n.From[k-1].Amount, r.Retail) {
		n.How = HowSteps
	} else {
		n.From = append(n.From, node("the run took another usage for the line, since a finding of its month moved it", ""))
	}
	if !r.PECCredit.IsZero() {
		n.From = append(n.From, node(fmt.Sprintf("partner earned credit inside it (15 %%): %s", r.PECCredit.Plain()), ""))
	}
	if rows := ex.usageRows(ctx, r); len(rows) > 0 {
		n.From = append(n.From, node("usage rows", "", rows...))
	}
	return n
}

func sameAmount(text string, d money.Decimal) bool {
	number, _, _ := strings.Cut(text, " ")
	got, err := money.Parse(number)
	return err == nil && got.Equal(d)
}

// committedSteps derive a licence's list amount from the sheet's ERP price at the term's start.
func (ex *explaining) committedSteps(r *rating.Rated) []Node {
	l, p := r.Line, r.Committed
	price := catalog.PeriodPrice(p.ERPPrice, rating.TermOf(l.TermAndBillingCycle))
	amount := price.MulExact(l.BillableQuantity.Abs())
	words := fmt.Sprintf("x %s units", l.BillableQuantity.Abs().Plain())
	if r.Retail.Sign() < 0 {
		amount, words = amount.Neg(), words+", given back"
	}
	nodes := []Node{
		node(fmt.Sprintf("price row %s:%d: ERP %s for %s %s %s, valid from %s; at the term's start %s; of one billing period", p.Place.File, p.Place.Line,
			p.ERPPrice.Plain(), p.Term, p.BillingPlan, p.Segment, p.From, l.SubscriptionStart), price.Plain()),
		node(words, amount.Plain()),
		node(shareWords(r.Up), r.Up.Share.Apply(amount).Plain()),
	}
	return ex.inBilling(r, r.Up.Share.Apply(amount), nodes)
}

// meteredSteps derive a metered line's list amount from its usage, day by day.
func (ex *explaining) meteredSteps(d *derived) []Node {
	r := d.rated
	var parts []part
	for _, g := range r.Usage {
		parts = append(parts, part{d.day(g), g.Amount})
	}
	c := cmp.Or(r.Line.PricingCurrency, r.Line.Currency)
	if r.Gap.Abs().Cmp(money.MustParse("0.000001")) > 0 {
		parts = append(parts, partOf(fmt.Sprintf("%s units that no usage explains, at the line's own %s", r.Gap.Plain(), r.Line.UnitPrice.Plain()), r.Gap.Mul(r.Line.UnitPrice), c))
	}
	sum := total(parts, func(p part) money.Decimal { return p.amount })
	return ex.inBilling(r, sum, []Node{sumOf("list amount of the usage", sum, c, parts)})
}

// inBilling adds the conversion into the line's currency, where there is one.
func (ex *explaining) inBilling(r *rating.Rated, amount money.Decimal, nodes []Node) []Node {
	l := r.Line
	if l.FXRate.IsZero() || l.FXRate.Equal(money.FromInt(1)) && l.PricingCurrency == l.Currency {
		return nodes
	}
	return append(nodes, node(fmt.Sprintf("x %s %s per %s (line's PCToBCExchangeRate of %s)", l.FXRate.Plain(), l.Currency, l.PricingCurrency, l.FXRateDate),
		inCurrency(amount.Mul(l.FXRate), l.Currency)))
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
func (d *derived) day(g *rating.Listed) Node {
	span := g.From.String()
	if g.To != g.From {
		span += " to " + g.To.String()
	}
	n := node(fmt.Sprintf("%s: %s x %s in %d rows, credit %s %%", span, g.Quantity.Plain(), g.Unit, g.Rows, g.PEC.Plain()), inCurrency(g.Amount, g.PricingCurrency))
	for _, s := range g.Steps {
		n.How = HowSum
		p := d.prices[s.RowID]
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
	if up.Derived {
		n.From = append(n.From, node(fmt.Sprintf("effective unit price: %s for %s", l.UnitPrice.Plain(), shareWords(up)), up.EUP.Plain()))
	}
	switch quantity := l.BillableQuantity.Plain(); up.Mode {
	case rating.ModeUsage:
		inner := up.EUP.MulExact(l.BillableQuantity)
		cut := inner.Round(money.HalfEven, 9).Round(money.Down, 2)
		n.From = append(n.From, node(fmt.Sprintf("%s x %s, cut to 2 decimals", up.EUP.Plain(), quantity), cut.Fixed(2)),
			node(fmt.Sprintf("x %s, cut to 2 decimals", fx.Plain()), up.Expected.Fixed(2)))
	case rating.ModeUnit:
		n.From = append(n.From, node(fmt.Sprintf("%s x %s, cut to 2 decimals on the unit", up.EUP.Plain(), fx.Plain()), ""),
			node(fmt.Sprintf("x %s units", quantity), up.Expected.Fixed(2)))
	case rating.ModeLine, rating.ModeEither:
		n.From = append(n.From, node(fmt.Sprintf("%s x %s x %s, cut to 2 decimals on the line", up.EUP.Plain(), fx.Plain(), quantity), up.Expected.Fixed(2)))
	case rating.ModeLegacy:
		n.From = append(n.From, node(fmt.Sprintf("%s x %s, half-up to 2 decimals", up.EUP.Plain(), quantity), up.Expected.Fixed(2)))
	case rating.ModeExact:
		return n
	case rating.ModeNone:
		n.From = append(n.From, node("no rule of Microsoft's gives this amount; the nearest is", up.Expected.Fixed(2)))
		return n
	}
	return n.how(HowSteps)
}
