package pricing

import (
	"fmt"
	"strings"
)

// selectorKey is one key that a rule can select on: its JSON name, a person's word, the rule's value, and whether a
// line fits it. The table below is the only place that knows how keys compare.
type selectorKey struct {
	name, word string
	of         func(*Selector) string
	fits       func(want string, s *Subject) bool
	has        func(s *Subject) string // the line's own value, for the words of a loser
}

func plain(name, word string, of func(*Selector) string, has func(*Subject) string) selectorKey {
	fits := func(want string, s *Subject) bool { return strings.EqualFold(want, has(s)) }
	return selectorKey{name, word, of, fits, has}
}

var selectorKeys = []selectorKey{
	plain("tenantId", "tenant", func(s *Selector) string { return s.TenantID }, func(s *Subject) string { return s.TenantID }),
	plain("customerId", "customer", func(s *Selector) string { return s.CustomerID }, func(s *Subject) string { return s.CustomerID }),
	{
		"customerGroup", "customer group", func(s *Selector) string { return s.CustomerGroup },
		func(want string, s *Subject) bool { return anyFold(s.CustomerGroups, want) },
		func(s *Subject) string { return strings.Join(s.CustomerGroups, ", ") },
	},
	plain("resellerMpnId", "reseller", func(s *Selector) string { return s.ResellerMpnID }, func(s *Subject) string { return s.ResellerMpnID }),
	plain("subscriptionId", "subscription", func(s *Selector) string { return s.SubscriptionID }, func(s *Subject) string { return s.SubscriptionID }),
	plain("entitlementId", "Azure subscription", func(s *Selector) string { return s.EntitlementID }, func(s *Subject) string { return s.EntitlementID }),
	plain("productCategory", "product category", func(s *Selector) string { return s.ProductCategory }, func(s *Subject) string { return s.ProductCategory }),
	plain("productId", "product", func(s *Selector) string { return s.ProductID }, func(s *Subject) string { return s.ProductID }),
	{
		"skuId", "SKU", func(s *Selector) string { return s.SkuID },
		func(want string, s *Subject) bool { return sameSKU(want, s.SkuID) },
		func(s *Subject) string { return s.SkuID },
	},
	{
		"meterId", "meter", func(s *Selector) string { return s.MeterID },
		func(want string, s *Subject) bool { return allFold(s.MeterIDs, want) },
		func(s *Subject) string { return strings.Join(s.MeterIDs, ", ") },
	},
	plain("meterCategory", "meter category", func(s *Selector) string { return s.MeterCategory }, func(s *Subject) string { return s.MeterCategory }),
	plain("segment", "segment", func(s *Selector) string { return s.Segment }, func(s *Subject) string { return s.Segment }),
	plain("term", "term", func(s *Selector) string { return s.Term }, func(s *Subject) string { return s.Term }),
	plain("billingPlan", "billing plan", func(s *Selector) string { return s.BillingPlan }, func(s *Subject) string { return s.BillingPlan }),
	plain("publisherClass", "publisher class", func(s *Selector) string { return s.PublisherClass }, func(s *Subject) string { return s.PublisherClass }),
	{
		"tag", "tag", func(s *Selector) string { return s.Tag },
		func(want string, s *Subject) bool { return hasTag(s.Tags, want) },
		func(s *Subject) string { return strings.Join(s.Tags, ", ") },
	},
	plain("benefitType", "benefit type", func(s *Selector) string { return s.BenefitType }, func(s *Subject) string { return s.BenefitType }),
	plain("chargeType", "charge type", func(s *Selector) string { return s.ChargeType }, func(s *Subject) string { return s.ChargeType }),
	plain("currency", "currency", func(s *Selector) string { return s.Currency }, func(s *Subject) string { return string(s.Currency) }),
}

func anyFold(list []string, want string) bool {
	for _, v := range list {
		if strings.EqualFold(v, want) {
			return true
		}
	}
	return false
}

// allFold asks for every value: a line whose usage has several meters has no single price per unit of one of them.
func allFold(list []string, want string) bool {
	for _, v := range list {
		if !strings.EqualFold(v, want) {
			return false
		}
	}
	return len(list) > 0
}

// sameSKU compares SKU ids with and without their leading zeros: sheets print 0001 and spreadsheets make it 1.
func sameSKU(a, b string) bool {
	return strings.EqualFold(a, b) || b != "" && strings.EqualFold(strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0"))
}

// hasTag finds name=value, or any value of a name. Azure's tag names have no case, their values do.
func hasTag(tags []string, want string) bool {
	name, value, exact := strings.Cut(want, "=")
	for _, tag := range tags {
		n, v, _ := strings.Cut(tag, "=")
		if strings.EqualFold(n, name) && (!exact || v == value) {
			return true
		}
	}
	return false
}

// Keys is the number of keys that the selector sets.
func (s Selector) Keys() int {
	n := 0
	for i := range selectorKeys {
		if selectorKeys[i].of(&s) != "" {
			n++
		}
	}
	return n
}

// kind ranks what a selector names where two have as many keys: charge type, then meter, then product and SKU, then
// product category.
func (s Selector) kind() int {
	n := 0
	if s.ChargeType != "" {
		n += 8
	}
	if s.MeterID != "" {
		n += 4
	}
	if s.ProductID != "" || s.SkuID != "" {
		n += 2
	}
	if s.ProductCategory != "" {
		n++
	}
	return n
}

// condition is one set key of a rule, ready to be compared.
type condition struct {
	key  *selectorKey
	want string
}

func conditionsOf(s *Selector) []condition {
	var list []condition
	for i := range selectorKeys {
		if want := selectorKeys[i].of(s); want != "" {
			list = append(list, condition{&selectorKeys[i], want})
		}
	}
	return list
}

// mismatch says in words why a line does not fit, "" when it does.
func mismatch(conditions []condition, s *Subject) string {
	var why []string
	for _, c := range conditions {
		if c.key.fits(c.want, s) {
			continue
		}
		has := c.key.has(s)
		if has == "" {
			why = append(why, fmt.Sprintf("it is for %s %s, which the line does not have", c.key.word, c.want))
		} else {
			why = append(why, fmt.Sprintf("it is for %s %s, the line has %s", c.key.word, c.want, has))
		}
	}
	return strings.Join(why, "; ")
}

func fits(conditions []condition, s *Subject) bool {
	for i := range conditions {
		if !conditions[i].key.fits(conditions[i].want, s) {
			return false
		}
	}
	return true
}
