package recon

import (
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

var fullPEC = money.MustParse("15")

// hair is what sums of rows with about 15 digits may be apart.
var hair = money.New(1, -6)

// creditCase is a usage group whose credit is wrong, and what that does to its money.
type creditCase struct {
	group   *rating.Listed
	size    money.Decimal
	kind    string
	message string
}

// The kinds of wrong credit; those of one kind on an invoice are one finding.
const (
	wrongRate = "rate"
	wrongItem = "product"
	unsaid    = "unsaid"
)

// creditedUsage finds usage with a rate other than 0 or 15, or with credit on a product that earns none (B3). It
// returns the groups as they would be without the second fault, so that it shows once and not as a wrong quantity as
// well; where the line claims the credit too they stay together.
func (c *checker) creditedUsage() []rating.Listed {
	claimed := map[rating.BucketKey]bool{}
	for _, l := range c.in.Raw {
		claimed[rating.KeyOfLine(l, l.InvoiceNumber)] = true
	}
	fixed := slices.Clone(c.in.Listed)
	for i := range fixed {
		g, was := &fixed[i], &c.in.Listed[i]
		switch {
		case !g.HasPEC():
		case c.earnsNothing(offer{g.ProductID, g.SkuID, g.PublisherName, g.SkuName, g.MeterName}):
			c.credits = append(c.credits, creditCase{was, creditEffect(was, money.Zero), wrongItem, "usage of " + g.SkuName + " has partner earned credit, which its product does not earn"})
			if !claimed[rating.KeyOfGroup(&g.Group)] {
				g.PEC = money.Zero
			}
		case !g.PEC.Equal(fullPEC):
			c.credits = append(c.credits, creditCase{was, creditEffect(was, fullPEC), wrongRate, "usage of " + g.SkuName + " has a partner earned credit of " + g.PEC.Plain() + " %; only 0 and 15 exist"})
		}
	}
	return fixed
}

// creditEffect is what a wrong percentage does to a group's money: what it would make of it less what it is, or, where
// the money follows from it, what it is less what the right one would make. The group's own money is the measure, since
// the order of rows inside a day moves list amounts between steps.
func creditEffect(g *rating.Listed, right money.Decimal) money.Decimal {
	followed := nearest([]money.Decimal{right, g.PEC, money.Zero}, impliedPEC(g))
	list := scaled(g.Billed, money.FromInt(1), kept(followed))
	if followed.Equal(g.PEC) {
		return g.Billed.Sub(list.Mul(kept(right)))
	}
	return list.Mul(kept(g.PEC)).Sub(g.Billed)
}

// impliedPEC is the percentage of credit by which a group's money is below its list amount.
func impliedPEC(g *rating.Listed) money.Decimal {
	part := scaled(g.Billed, money.FromInt(100), g.Amount.Mul(groupRate(g)))
	return money.FromInt(100).Sub(part)
}

// rated is a group's list amount less a percentage of credit, at a rate.
func rated(g *rating.Listed, pec, rate money.Decimal) money.Decimal {
	return g.Amount.Mul(kept(pec)).Mul(rate)
}

func groupRate(g *rating.Listed) money.Decimal {
	if g.FXRate.IsZero() {
		return money.FromInt(1)
	}
	return g.FXRate
}

// offer is what decides whether usage can earn credit.
type offer struct{ product, sku, publisher, name, meter string }

// earnsNothing: third parties' products and spot machines earn no credit (B3); a price sheet's tags may say it too.
func (c *checker) earnsNothing(o offer) bool {
	nothing, known := c.unearned[o]
	if !known {
		words := strings.Fields(strings.ToLower(o.name + " " + o.meter))
		nothing = rating.ThirdPartyPublisher(o.publisher) || slices.Contains(words, "spot") ||
			c.in.Sheet.ThirdParty(catalog.ProductSKU{ProductID: o.product, SkuID: o.sku})
		c.unearned[o] = nothing
	}
	return nothing
}

// creditChecks makes one finding of an invoice's usage with wrong rates, and one of a product that earns none.
func (c *checker) creditChecks() {
	for _, k := range c.credits {
		f := c.groupFault(PEC, []*rating.Listed{k.group}, k.size.Abs(), k.message)
		f.column, f.group = "PartnerEarnedCreditPercentage", k.kind
		c.blameCredited(k.group)
		c.add(k.group.InvoiceNumber, f)
	}
}

// blameCredited keeps a group's wrong credit from being found again: in the bucket where it stands, and in the one where
// it may belong when it does not fit there.
func (c *checker) blameCredited(group *rating.Listed) {
	key := rating.KeyOfGroup(&group.Group)
	twinKey := key
	twinKey.PEC = !key.PEC
	b, twin := c.buckets[key], c.buckets[twinKey]
	if b == nil || !slices.ContainsFunc(b.Groups, func(g *rating.Listed) bool { return sameGroup(g, group) }) {
		b, twin = twin, b // a product that earns no credit was put where its line is
	}
	c.blame(b)
	if gap(b).Abs().Cmp(tolerance) > 0 && twin != nil {
		c.blame(twin)
		c.flagged[b.Key] = true
	}
}

func sameGroup(a, b *rating.Listed) bool {
	return a.ID == b.ID && a.From == b.From && a.Month == b.Month
}

// checkCredit: a line's credit is 0 or 15 %, on a product that earns it, and its amount follows from it.
func (c *checker) checkCredit(r *rating.Rated) *fault {
	l, stated := r.Line, rating.StatedPEC(r.Line)
	if l.Family != usage.FamilyNewCommerce || r.Type == rating.ChargeCredit {
		return nil
	}
	switch {
	case !stated.IsZero() && (r.Category != rating.AzurePlan || c.earnsNothing(offer{l.ProductID, l.SkuID, l.PublisherName, l.SkuName, l.MeterDescription})):
		return c.creditFault(r, wrongItem, stated, money.Zero, name(l)+" has partner earned credit, which it does not earn")
	case !stated.IsZero() && !stated.Equal(fullPEC):
		return c.creditFault(r, wrongRate, stated, fullPEC, name(l)+" has a partner earned credit of "+stated.Plain()+" %; only 0 and 15 exist")
	}
	right, known := listCost(r)
	if !known || right.Sub(l.Subtotal).Abs().Cmp(bound(l)) <= 0 {
		return nil
	}
	for p := range int64(31) {
		pec := money.FromInt(p)
		if at, _ := listCostAt(r, pec); at.Equal(l.Subtotal) && !pec.Equal(stated) {
			return c.creditFault(r, unsaid, pec, stated, name(l)+" is charged with a credit of "+pec.Plain()+" %, its line says "+stated.Plain()+" %")
		}
	}
	return nil
}

// creditFault sizes a line's credit: what the claimed rate makes of its list amount against what it charges, or against
// the right rate where it charges that.
func (c *checker) creditFault(r *rating.Rated, kind string, claimed, right money.Decimal, message string) *fault {
	l := r.Line
	list := l.UnitPrice.MulExact(l.BillableQuantity).Mul(rateOf(l))
	if refunds(l) && list.Sign() > 0 {
		list = list.Neg()
	}
	at := func(pec money.Decimal) money.Decimal {
		if cost, ok := listCostAt(r, pec); ok {
			return cost
		}
		return r.Up.Share.Apply(list).Mul(kept(pec)).Round(money.Down, 2)
	}
	size := at(claimed).Sub(l.Subtotal)
	if size.Abs().Cmp(bound(l)) <= 0 {
		size = l.Subtotal.Sub(at(right))
	}
	f := lineFault("L3", PEC, l, amount(size.Abs()), place(l, "PriceAdjustmentDescription", "%s; effective unit price %s of %s", l.PriceAdjustment,
		l.EffectiveUnitPrice.Plain(), l.UnitPrice.Plain()), message, c.effects(l, at(right))...)
	f.group = "line's " + kind
	return f
}
