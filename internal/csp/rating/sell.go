package rating

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
)

// Who is what pricing needs of a tenant's customer.
type Who struct {
	CustomerID string
	Groups     []string
}

// Sold is the sell side of a period's lines: one charge for each line, in the lines' order, and the minimum fees that
// they count toward.
type Sold struct {
	Charges []Charge
	Fees    []pricing.MinimumFee
	Bundles []pricing.BundlePriced
	Unruled int // lines that no rule priced: sold at retail, or at cost where they have none
}

// Selling holds the partner's rules and customers while lines are priced.
type Selling struct {
	RunID string
	Book  *pricing.Book
	Who   func(tenant string) Who
	// Active gives a customer's days in the month and the month's days, for minimum fees that prorate; nil: all days.
	Active func(customerID string) (active, days int)
}

// Sell prices lines by the partner's rules. Lines whose rule rounds them together are priced as a group; each carries
// its share of the rounded amount, so that charges always sum to what the customer pays.
func (s Selling) Sell(lines []*Rated) Sold {
	sold := Sold{Charges: make([]Charge, len(lines))}
	subjects := make([]pricing.Subject, len(lines))
	decisions := make([]pricing.Decision, len(lines))
	groups := map[string][]int{}
	var order []string
	for i, r := range lines {
		subjects[i] = s.Subject(r)
		decisions[i] = s.Book.Match(subjects[i])
		sold.Charges[i] = s.charge(r, &subjects[i], decisions[i].Winner)
		if key := decisions[i].Winner.GroupKey(subjects[i]); key != "" {
			if len(groups[key]) == 0 {
				order = append(order, key)
			}
			groups[key] = append(groups[key], i)
			continue
		}
		sold.Charges[i].priced(s.Book.Amount(subjects[i], decisions[i].Winner))
	}
	for _, key := range order {
		s.sellGroup(key, groups[key], subjects, decisions[groups[key][0]].Winner, sold.Charges)
	}
	sold.Bundles = s.sellBundles(subjects, sold.Charges)
	var tally pricing.Tally
	for i := range lines {
		if sold.Charges[i].RuleID == "" {
			sold.Unruled++
		}
		for _, r := range tally.Add(subjects[i], decisions[i], sold.Charges[i].SellCurrency, sold.Charges[i].Sell) {
			sold.Charges[i].Minimums = append(sold.Charges[i].Minimums, r.ID)
		}
	}
	sold.Fees = tally.Fees(s.Active)
	return sold
}

func (s Selling) sellGroup(key string, members []int, subjects []pricing.Subject, rule *pricing.Rule, charges []Charge) {
	list := make([]pricing.Subject, len(members))
	for n, i := range members {
		list[n] = subjects[i]
	}
	p := s.Book.PriceGroup(list, rule)
	for n, i := range members {
		c := &charges[i]
		c.Sell, c.SellUnrounded, c.SellCurrency, c.SellGroup, c.Exchange = p.Shares[n], p.Exact[n], p.Currency, key, p.Exchange
	}
}

// sellBundles replaces the prices of lines that are components of a bundle by their share of the bundle's. A line is
// sold in one bundle only: the strongest rule takes it.
func (s Selling) sellBundles(subjects []pricing.Subject, charges []Charge) []pricing.BundlePriced {
	rules := s.Book.Bundles()
	if len(rules) == 0 {
		return nil
	}
	byCustomer := map[[2]string][]int{}
	var order [][2]string
	for i := range subjects {
		k := [2]string{subjects[i].TenantID, string(subjects[i].Currency)}
		if len(byCustomer[k]) == 0 {
			order = append(order, k)
		}
		byCustomer[k] = append(byCustomer[k], i)
	}
	var out []pricing.BundlePriced
	taken := make([]bool, len(subjects))
	for _, rule := range rules {
		for _, k := range order {
			free := slices.DeleteFunc(slices.Clone(byCustomer[k]), func(i int) bool { return taken[i] })
			if b, ok := s.sellBundle(rule, free, subjects, charges); ok {
				out = append(out, b)
				for _, at := range b.Lines {
					taken[free[at]] = true
				}
			}
		}
	}
	return out
}

func (s Selling) sellBundle(rule *pricing.Rule, members []int, subjects []pricing.Subject, charges []Charge) (pricing.BundlePriced, bool) {
	list := make([]pricing.Subject, len(members))
	for n, i := range members {
		list[n] = subjects[i]
	}
	b, ok := s.Book.PriceBundle(list, rule)
	if !ok {
		return b, false
	}
	key := "bundle|" + rule.ID + "|" + subjects[members[0]].TenantID
	for n, at := range b.Lines {
		c := &charges[members[at]]
		c.Sell, c.SellUnrounded, c.SellCurrency, c.SellGroup = b.Shares[n], b.Shares[n], b.Currency, key
		c.RuleID, c.RuleVersion, c.Exchange = rule.ID, rule.Version, nil
	}
	return b, true
}

// priced puts a line's own price into its charge.
func (c *Charge) priced(p pricing.Priced) {
	c.Sell, c.SellUnrounded, c.SellCurrency, c.Exchange = p.Rounded, p.Amount, p.Currency, p.Exchange
}

// charge is the line's charge before it has a price.
func (s Selling) charge(r *Rated, subject *pricing.Subject, rule *pricing.Rule) Charge {
	l := r.Line
	c := Charge{
		ID: id.Hash("chg", s.RunID, l.ID), LineID: l.ID, DataSet: l.DataSet, Place: l.Place, CustomerID: subject.CustomerID, TenantID: l.CustomerID,
		ResellerMpnID: l.ResellerMpnID, InvoiceNumber: l.InvoiceNumber, SubscriptionID: l.SubscriptionID, ProductID: l.ProductID,
		SkuID: l.SkuID, Category: r.Category, ChargeType: string(r.Type), From: l.ChargeStart, To: l.ChargeEnd,
		Quantity: subject.Quantity, Currency: l.Currency, Cost: l.Subtotal, Expected: r.Up.Expected, Mode: r.Up.Mode,
		Retail: r.Retail, HasRetail: r.HasRetail, PECCredit: r.PECCredit, PriceRowIDs: r.PriceRows,
	}
	if len(subject.MeterIDs) > 0 {
		c.MeterID = subject.MeterIDs[0]
	}
	for _, g := range r.Usage {
		if n := len(c.UsageGroupIDs); n == 0 || c.UsageGroupIDs[n-1] != g.ID {
			c.UsageGroupIDs = append(c.UsageGroupIDs, g.ID)
		}
	}
	if rule != nil {
		c.RuleID, c.RuleVersion = rule.ID, rule.Version
	}
	return c
}

// Subject is what the rules see of a rated line.
func (s Selling) Subject(r *Rated) pricing.Subject {
	l, term := r.Line, LineTerm(r.Line)
	who := s.Who(l.CustomerID)
	sub := pricing.Subject{
		LineID: l.ID, TenantID: l.CustomerID, CustomerID: who.CustomerID, CustomerGroups: who.Groups, ResellerMpnID: l.ResellerMpnID,
		SubscriptionID: l.SubscriptionID, ProductCategory: r.Category, ProductID: l.ProductID, SkuID: l.SkuID,
		Term: term.Duration, BillingPlan: term.Plan, PublisherClass: PublisherClass(l.PublisherName), ChargeType: string(r.Type),
		Currency: l.Currency, On: r.On(), Cost: l.Subtotal, Retail: r.Retail, HasRetail: r.HasRetail, PurchasePrice: r.Retail,
		PECCredit: r.PECCredit, Quantity: l.BillableQuantity, Fraction: fractionOf(r.Up.Share),
	}
	if l.Subtotal.Sign() < 0 && sub.Quantity.Sign() > 0 {
		sub.Quantity = sub.Quantity.Neg()
	}
	if r.Committed != nil {
		sub.Segment = r.Committed.Segment
	}
	if l.MeterID != "" {
		sub.MeterIDs = []string{l.MeterID}
	}
	describeUsage(&sub, r.Usage)
	return sub
}

func fractionOf(s Share) money.Decimal {
	if s.Days == s.Of {
		return one
	}
	f, _ := money.FromInt(int64(s.Days)).Quo(money.FromInt(int64(s.Of)))
	return f
}

// describeUsage adds what all usage of the line has in common; what its groups differ in stays empty, so that a rule
// on it does not price half a line.
func describeUsage(sub *pricing.Subject, groups []*Listed) {
	for i, g := range groups {
		if i == 0 {
			sub.MeterIDs, sub.MeterCategory, sub.BenefitType = []string{g.MeterID}, g.MeterCategory, g.BenefitType
			sub.EntitlementID = g.EntitlementID
			continue
		}
		if g.MeterID != groups[0].MeterID && g.MeterID != sub.MeterIDs[len(sub.MeterIDs)-1] {
			sub.MeterIDs = append(sub.MeterIDs, g.MeterID)
		}
		sub.MeterCategory = common(sub.MeterCategory, g.MeterCategory)
		sub.BenefitType = common(sub.BenefitType, g.BenefitType)
		sub.EntitlementID = common(sub.EntitlementID, g.EntitlementID)
	}
	sub.Tags = commonTags(groups)
}

// commonTags are the tags, as name=value, that all usage of the line carries.
func commonTags(groups []*Listed) []string {
	if len(groups) == 0 || groups[0].Tags == "" {
		return nil
	}
	for _, g := range groups {
		if g.Tags != groups[0].Tags {
			return nil
		}
	}
	var values map[string]string
	if err := json.Unmarshal([]byte(groups[0].Tags), &values); err != nil {
		return nil // kept raw in the lake; what is no JSON object of texts selects nothing
	}
	tags := make([]string, 0, len(values))
	for _, name := range slices.Sorted(maps.Keys(values)) {
		tags = append(tags, name+"="+values[name])
	}
	return tags
}

func common(a, b string) string {
	if a == b {
		return a
	}
	return ""
}
