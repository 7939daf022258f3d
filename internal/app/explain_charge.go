package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
	"github.com/chandler-csp/chandler/internal/lake"
)

// derived is a charge with its line rated again.
type derived struct {
	charge   rating.Charge
	rated    *rating.Rated
	prices   map[string]catalog.PriceRow
	subject  pricing.Subject
	decision pricing.Decision
}

// charges derives charges of the run: parts that add up to what they are sold for, in the currency in which that is.
// Lines that are rounded together are one part, derived on the group. Currency is what an empty list is in.
func (ex *explaining) charges(ctx context.Context, currency money.Currency, ids []string) ([]part, money.Currency, error) {
	var list []derived
	var rest []part
	for c, err := range ex.a.lake.Charges(ctx, ex.s.charges, ids) {
		if err != nil {
			return nil, currency, err
		}
		currency = c.SellCurrency
		if len(list) == maxExplained {
			rest = append(rest, partOf("", c.Sell, currency))
			continue
		}
		d, err := ex.derive(ctx, c)
		if err != nil {
			return nil, currency, err
		}
		list = append(list, d)
	}
	slices.SortFunc(list, func(x, y derived) int {
		return cmp.Or(strings.Compare(x.charge.Place.File, y.charge.Place.File), cmp.Compare(x.charge.Place.Line, y.charge.Place.Line))
	})
	parts := make([]part, 0, len(list)+1)
	for i := range list {
		parts = append(parts, part{ex.charge(ctx, &list[i]), list[i].charge.Sell})
	}
	if len(rest) > 0 {
		sum := total(rest, func(p part) money.Decimal { return p.amount })
		return append(parts, partOf(fmt.Sprintf("%d more charges", len(rest)), sum, currency)), currency, nil
	}
	parts, err := ex.together(ctx, list, parts)
	return parts, currency, err
}

// derive reads and rates the line that a charge came from, and lets the rules choose again.
func (ex *explaining) derive(ctx context.Context, c rating.Charge) (derived, error) {
	d := derived{charge: c}
	var err error
	if d.rated, d.prices, err = ex.rated(ctx, &c); err != nil {
		return d, err
	}
	d.subject = rating.Selling{RunID: ex.s.ID, Book: ex.book, Who: ex.s.parties.who}.Subject(d.rated)
	d.decision = ex.book.Explain(d.subject)
	d.decision.Minimums = slices.DeleteFunc(d.decision.Minimums, func(r *pricing.Rule) bool { return !slices.Contains(c.Minimums, r.ID) })
	d.decision.Losers = slices.DeleteFunc(d.decision.Losers, func(l pricing.Loser) bool { return l.Rule.ID == c.RuleID }) // a bundle has won
	return d, nil
}

// together derives charges that were rounded together, or sold as a bundle, on all of them; their shares beneath.
func (ex *explaining) together(ctx context.Context, list []derived, parts []part) ([]part, error) {
	if len(list) == 0 || list[0].charge.SellGroup == "" {
		return parts, nil
	}
	c := list[0].charge.SellCurrency
	sum := total(parts, func(p part) money.Decimal { return p.amount })
	split := sumOf("split by largest remainder", sum, c, parts)
	whole, n, err := ex.wholeGroup(ctx, &list[0].charge)
	if err != nil {
		return nil, err
	}
	if n > len(list) {
		text := "rounded by rule " + list[0].charge.RuleID + " with others, of which a part stands here"
		return []part{{node(text, inCurrency(sum, c), split, whole).how(HowFirst), sum}}, nil
	}
	subjects := make([]pricing.Subject, len(list))
	for i := range list {
		subjects[i] = list[i].subject
	}
	way, amount, text := ex.groupWay(&list[0], subjects)
	group := node(text, inCurrency(sum, c), split, way).how(HowFirst)
	if amount.Equal(sum) {
		group = node(text, inCurrency(sum, c), way, split).how(HowSame)
	}
	return []part{{group, sum}}, nil
}

// wholeGroup is a group of which some charges are on another line: of another tax, or on another buyer's document.
func (ex *explaining) wholeGroup(ctx context.Context, of *rating.Charge) (whole Node, n int, err error) {
	var exact, sold money.Decimal
	for c, err := range ex.a.lake.ChargesTogether(ctx, ex.s.charges, of.TenantID, of.SellGroup) {
		if err != nil {
			return whole, n, err
		}
		exact, sold, n = exact.Add(c.SellUnrounded), sold.Add(c.Sell), n+1
	}
	return node(fmt.Sprintf("the whole group of %d charges", n), inCurrency(sold, of.SellCurrency),
		node("unrounded", exact.Plain()), node("rounded", sold.Plain())).how(HowSteps), n, nil
}

// groupWay is how the amount of a group or a bundle came about.
func (ex *explaining) groupWay(first *derived, subjects []pricing.Subject) (way Node, amount money.Decimal, text string) {
	rule := ex.rule(first.charge.RuleID)
	c := first.charge.SellCurrency
	if rule != nil && rule.Bundle != nil && strings.HasPrefix(first.charge.SellGroup, "bundle|") {
		b, _ := ex.book.PriceBundle(subjects, rule) // not a bundle any more: no amount, which the caller sees
		price := rule.Bundle.Price[c]
		way = node("price of the bundle", inCurrency(b.Amount, c),
			node(fmt.Sprintf("%s x %s bundles", price.Plain(), b.Quantity.Plain()), price.Mul(b.Quantity).Plain()),
			node(rule.RoundingIn(c).String(), b.Amount.Plain())).how(HowSteps)
		return way, b.Amount, fmt.Sprintf("bundle %s by rule %s version %d", rule.Bundle.SKU, rule.ID, rule.Version)
	}
	g := ex.book.PriceGroup(subjects, first.decision.Winner)
	way = node("price of the group", inCurrency(g.Rounded, c), steps(g.Steps)...).how(HowSteps)
	return way, g.Rounded, "rounded on the group by rule " + first.charge.RuleID
}

func (ex *explaining) rule(id string) *pricing.Rule {
	rules := ex.book.Rules()
	if i := slices.IndexFunc(rules, func(r *pricing.Rule) bool { return r.ID == id }); i >= 0 {
		return rules[i]
	}
	return nil
}

// rated reads and rates the one line that a charge came from, with the usage of its meter. What was charged for it wins
// over what is found again: a run sees faults of other lines too, which may have moved usage from one to another.
func (ex *explaining) rated(ctx context.Context, c *rating.Charge) (*rating.Rated, map[string]catalog.PriceRow, error) {
	l, err := ex.readLine(ctx, c)
	if err != nil {
		return nil, nil, err
	}
	k := catalog.ProductSKU{ProductID: c.ProductID, SkuID: c.SkuID}
	rows, err := ex.a.lake.PriceRows(ctx, ex.m.snapshot, []catalog.ProductSKU{k})
	if err != nil {
		return nil, nil, err
	}
	sheet, prices := catalog.NewSheet(rows), map[string]catalog.PriceRow{}
	for _, r := range rows {
		prices[r.ID] = r
	}
	var usages []rating.Listed
	if l == nil || rating.Metered(l) {
		var groups []usage.Group
		for g, err := range ex.a.lake.Groups(ctx, ex.m.snapshot, lake.GroupPick{ByDay: []catalog.ProductSKU{k}, Subscription: c.SubscriptionID, Product: k}) {
			if err != nil {
				return nil, nil, err
			}
			groups = append(groups, g)
		}
		usages = rating.List(groups, sheet)
	}
	if l == nil {
		for _, estimated := range rating.Estimate(usages) {
			if estimated.ID == c.LineID {
				l = estimated
			}
		}
	}
	if l == nil {
		return nil, nil, errs.New(errs.NotFound, "charge.line_gone", "the line of charge %s is not in the data that its run read", c.ID)
	}
	r := rating.Rate(l, usageOf(c, l, usages), sheet)
	r.Retail, r.HasRetail, r.PECCredit = c.Retail, c.HasRetail, c.PECCredit
	return &r, prices, nil
}

// readLine reads a charge's line again; nil is an estimate's, which has no line in the lake and is made again.
func (ex *explaining) readLine(ctx context.Context, c *rating.Charge) (*usage.Line, error) {
	read := ex.a.lake.Lines
	if dataSetTable(ex.m.snapshot, c.DataSet) == lake.TableCost {
		read = ex.a.lake.CostLines
	}
	if c.DataSet == "estimate" {
		return nil, nil //nolint:nilnil // said above
	}
	for l, err := range read(ctx, ex.m.snapshot, &lake.At{DataSet: c.DataSet, File: c.Place.File, Line: c.Place.Line}) {
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

// usageOf is the usage that the run gave to the charge's line. Where its groups are more than the line charges, two lines
// share them by their dates.
func usageOf(c *rating.Charge, l *usage.Line, all []rating.Listed) []*rating.Listed {
	var given, held []*rating.Listed
	var quantity money.Decimal
	for i := range all {
		g := &all[i]
		if g.Free || !slices.Contains(c.UsageGroupIDs, g.ID) {
			continue
		}
		given, quantity = append(given, g), quantity.Add(g.Quantity)
		if rating.Holds(l, &g.Group) {
			held = append(held, g)
		}
	}
	if quantity.Equal(l.BillableQuantity) {
		return given
	}
	return held
}
