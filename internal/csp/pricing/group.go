package pricing

import (
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// GroupPriced is the price of lines that are rounded together.
type GroupPriced struct {
	Priced                 // of the group's sums; Rounded is the group's amount
	Shares []money.Decimal // one for each line, rounded, in the order given; they sum to Rounded
	Exact  []money.Decimal // each line's part before rounding; they sum to Amount
}

// groupKeys are the keys that a group may be made of.
var groupKeys = map[string]func(*Subject) string{
	"customer":        func(s *Subject) string { return s.CustomerID },
	"customerId":      func(s *Subject) string { return s.CustomerID },
	"tenantId":        func(s *Subject) string { return s.TenantID },
	"currency":        func(s *Subject) string { return string(s.Currency) },
	"subscriptionId":  func(s *Subject) string { return s.SubscriptionID },
	"entitlementId":   func(s *Subject) string { return s.EntitlementID },
	"productId":       func(s *Subject) string { return s.ProductID },
	"skuId":           func(s *Subject) string { return s.SkuID },
	"meterId":         func(s *Subject) string { return strings.Join(s.MeterIDs, ",") },
	"meterCategory":   func(s *Subject) string { return s.MeterCategory },
	"productCategory": func(s *Subject) string { return s.ProductCategory },
	"chargeType":      func(s *Subject) string { return s.ChargeType },
	"resellerMpnId":   func(s *Subject) string { return s.ResellerMpnID },
}

// GroupKey names the group in which the rule rounds a line; "" when it rounds lines by themselves. A group never
// spans two rules, customers or currencies. Rounding on the document is a group of all the rule's lines of a customer.
func (r *Rule) GroupKey(s Subject) string {
	if r == nil || r.Rounding == nil {
		return ""
	}
	var keys []string
	switch r.Rounding.Level {
	case money.LevelGroup:
		keys = r.Rounding.Group
	case money.LevelDocument:
	default:
		return ""
	}
	parts := []string{r.ID, s.TenantID, s.CustomerID, string(s.Currency)}
	for _, k := range keys {
		if of, ok := groupKeys[k]; ok {
			parts = append(parts, of(&s))
		}
	}
	return strings.ToLower(strings.Join(parts, "|"))
}

// PriceGroup prices lines that share a GroupKey: the rule runs on their summed cost, retail, credit and quantity, so
// that floor, limits and tiers see the group; the result is rounded once and split among the lines by largest
// remainder. Lines that cost nothing take no part unless the rule charges on zero cost.
func (b *Book) PriceGroup(lines []Subject, r *Rule) GroupPriced {
	if len(lines) == 0 {
		return GroupPriced{}
	}
	sum, counted := sumOf(lines, r)
	whole := *orDefault(r)
	if slices.Contains(counted, true) {
		whole.ChargeOnZeroCost = true // lines that cost nothing are left out already; sums may cancel out
	}
	g := GroupPriced{Priced: b.price(&sum, &whole, true)}
	g.Rounded = g.Rounding.Apply(g.Amount)
	g.Steps = append(g.Steps, Step{g.Rounding.String(), g.Rounded})
	g.Exact = b.exactParts(lines, counted, r, g.Amount)
	g.Shares = roundParts(g.Exact, counted, g.Rounded, g.Rounding.Scale)
	return g
}

// sumOf adds the lines up into one subject and says which of them count. Fractions differ from line to line, so a
// fixed price multiplies quantity x fraction here.
func sumOf(lines []Subject, r *Rule) (Subject, []bool) {
	sum, counted := lines[0], make([]bool, len(lines))
	sum.Cost, sum.Retail, sum.PECCredit, sum.PurchasePrice, sum.Quantity = money.Zero, money.Zero, money.Zero, money.Zero, money.Zero
	sum.HasRetail, sum.Fraction = true, one
	fixed := r != nil && r.Base == BaseFixed
	for i := range lines {
		s := &lines[i]
		probe := calculation{s: s, r: orDefault(r)}
		if probe.costsNothing() {
			continue
		}
		counted[i] = true
		sum.Cost = sum.Cost.Add(s.Cost)
		sum.Retail = sum.Retail.Add(retailOf(s))
		sum.PurchasePrice = sum.PurchasePrice.Add(purchaseOf(s))
		sum.PECCredit = sum.PECCredit.Add(s.PECCredit)
		if fixed && !s.Fraction.IsZero() {
			sum.Quantity = sum.Quantity.Add(s.Quantity.Mul(s.Fraction))
		} else {
			sum.Quantity = sum.Quantity.Add(s.Quantity)
		}
	}
	return sum, counted
}

func orDefault(r *Rule) *Rule {
	if r == nil {
		return &Rule{Base: BaseRetail}
	}
	return r
}

func retailOf(s *Subject) money.Decimal {
	if s.HasRetail {
		return s.Retail
	}
	return s.Cost
}

func purchaseOf(s *Subject) money.Decimal {
	if s.PurchasePrice.IsZero() {
		return retailOf(s)
	}
	return s.PurchasePrice
}

// exactParts gives each line what the linear steps make of it; what floor, limits and tiers add on the group is spread
// by the lines' magnitude.
func (b *Book) exactParts(lines []Subject, counted []bool, r *Rule, total money.Decimal) []money.Decimal {
	parts, weights := make([]money.Decimal, len(lines)), make([]money.Decimal, len(lines))
	for i := range lines {
		if !counted[i] {
			continue
		}
		c := calculation{s: &lines[i], r: orDefault(r)}
		rate, _ := b.rateFor(c.r, c.s)
		c.rate, c.currency = rate.Rate, c.r.sellCurrency(c.s)
		c.start()
		weights[i] = c.amount.Abs()
		if hasTiers(c.r) {
			weights[i] = c.s.Quantity.Abs()
		}
		c.run(true)
		parts[i] = c.amount.Round(money.HalfEven, SellScale)
	}
	rest := total.Sub(money.Sum(parts...))
	for i, extra := range money.Allocate(rest, firstCounted(weights, counted), SellScale) {
		parts[i] = parts[i].Add(extra)
	}
	return parts
}

// firstCounted makes sure that the rest falls on a line that counts, even when all weights are 0.
func firstCounted(weights []money.Decimal, counted []bool) []money.Decimal {
	first := slices.Index(counted, true)
	if first >= 0 && money.Sum(weights...).IsZero() {
		weights[first] = one
	}
	return weights
}

func hasTiers(r *Rule) bool {
	return slices.ContainsFunc(r.Operations, func(o Operation) bool { return o.Graduated != nil || o.Volume != nil })
}

// roundParts rounds the parts so that they sum to total: each is cut toward negative infinity, then the steps that are
// missing go to the largest remainders, ties to the lowest index. It works for parts of either sign.
func roundParts(parts []money.Decimal, counted []bool, total money.Decimal, scale int32) []money.Decimal {
	shares, left := make([]money.Decimal, len(parts)), total
	var order []int
	for i := range parts {
		shares[i] = parts[i].Round(money.Floor, scale)
		left = left.Sub(shares[i])
		if counted[i] {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return parts[b].Sub(shares[b]).Cmp(parts[a].Sub(shares[a]))
	})
	step := money.New(int64(left.Sign()), -scale)
	if left.Sign() < 0 {
		slices.Reverse(order)
	}
	for n := 0; len(order) > 0 && !left.IsZero(); n++ {
		i := order[n%len(order)]
		shares[i], left = shares[i].Add(step), left.Sub(step)
	}
	return shares
}
