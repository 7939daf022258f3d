package pricing

import (
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// BundlePriced is a bundle's sale to one customer: one line for the customer, its revenue split by component and line.
type BundlePriced struct {
	Rule       *Rule
	Quantity   money.Decimal // bundles sold: the quantity that every component has
	Amount     money.Decimal // price x quantity, rounded
	Currency   money.Currency
	Components []money.Decimal // revenue of each component, by weight; they sum to Amount
	Lines      []int           // indexes of the lines that it covers
	Shares     []money.Decimal // revenue of each of Lines; they sum to Amount
	Cost       money.Decimal   // of Lines
}

// Bundles lists the book's bundle rules, strongest first.
func (b *Book) Bundles() []*Rule {
	var list []*Rule
	for i := range b.entries {
		if b.entries[i].rule.Bundle != nil {
			list = append(list, b.entries[i].rule)
		}
	}
	return list
}

// PriceBundle sells the lines of one customer and currency as the rule's bundle. It takes all lines of every component
// that fit the rule's selector. False, and nothing is taken, when a component is missing, when the components'
// quantities (times the share of the cycle) differ, or when the bundle has no price in the currency: the lines then
// sell by their own rules.
func (b *Book) PriceBundle(lines []Subject, r *Rule) (BundlePriced, bool) {
	if r.Bundle == nil || len(lines) == 0 {
		return BundlePriced{}, false
	}
	p := BundlePriced{Rule: r, Currency: lines[0].Currency}
	price, ok := r.Bundle.Price[p.Currency]
	if !ok {
		return BundlePriced{}, false
	}
	parts := make([][]int, len(r.Bundle.Components))
	for i, c := range r.Bundle.Components {
		parts[i] = b.componentLines(lines, r, c)
		units := unitsOf(lines, parts[i])
		if units.IsZero() || i > 0 && !units.Equal(p.Quantity) {
			return BundlePriced{}, false
		}
		p.Quantity = units
	}
	p.Amount = r.RoundingIn(p.Currency).Apply(price.Mul(p.Quantity))
	p.split(lines, parts)
	return p, true
}

func (b *Book) componentLines(lines []Subject, r *Rule, c Component) []int {
	conditions := conditionsOf(&r.Select)
	var list []int
	for i := range lines {
		s := &lines[i]
		same := strings.EqualFold(s.ProductID, c.ProductID) && (c.SkuID == "" || sameSKU(c.SkuID, s.SkuID))
		if same && s.Currency == lines[0].Currency && fits(conditions, s) && inForce(r, s) == "" {
			list = append(list, i)
		}
	}
	return list
}

// units is a line's quantity in whole cycles.
func units(s *Subject) money.Decimal {
	if s.Fraction.IsZero() {
		return s.Quantity
	}
	return s.Quantity.Mul(s.Fraction)
}

func unitsOf(lines []Subject, indexes []int) money.Decimal {
	var sum money.Decimal
	for _, i := range indexes {
		sum = sum.Add(units(&lines[i]))
	}
	return sum
}

// split allocates the amount to the components by weight, and each component's to its lines by their units.
func (p *BundlePriced) split(lines []Subject, parts [][]int) {
	scale := p.Rule.RoundingIn(p.Currency).Scale
	weights := make([]money.Decimal, len(parts))
	for i, c := range p.Rule.Bundle.Components {
		weights[i] = c.Weight
	}
	p.Components = money.Allocate(p.Amount, weights, scale)
	for i, indexes := range parts {
		total, exact, counted := unitsOf(lines, indexes), make([]money.Decimal, len(indexes)), make([]bool, len(indexes))
		for j, k := range indexes {
			exact[j], _ = p.Components[i].MulExact(units(&lines[k])).Quo(total) // not 0, see PriceBundle
			counted[j] = true
			p.Cost = p.Cost.Add(lines[k].Cost)
		}
		p.Lines = append(p.Lines, indexes...)
		p.Shares = append(p.Shares, roundParts(exact, counted, p.Components[i], scale)...)
	}
}
