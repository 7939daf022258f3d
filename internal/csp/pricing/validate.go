package pricing

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
)

// Validate reports every field that is not in order, with its JSON pointer; none: the rule is good.
func (r Rule) Validate() []errs.Field {
	v := &checker{}
	r.checkBase(v)
	for i := range r.Operations {
		r.Operations[i].check(v, "/operations/"+strconv.Itoa(i))
	}
	r.checkSelector(v)
	r.checkMinimum(v)
	r.checkCurrency(v)
	r.checkRounding(v)
	r.checkBundle(v)
	v.unless(r.ValidFrom.IsZero() || r.ValidTo.IsZero() || !r.ValidTo.Before(r.ValidFrom), "/validTo", "range",
		"%s lies before validFrom %s", r.ValidTo, r.ValidFrom)
	return v.fields
}

// checker collects faults.
type checker struct{ fields []errs.Field }

func (v *checker) unless(ok bool, place, code, format string, args ...any) {
	if !ok {
		v.fields = append(v.fields, errs.Field{Place: place, Code: errs.Code(code), Detail: fmt.Sprintf(format, args...)})
	}
}

// amounts checks a map of currency and amount: known currency codes, nothing below 0.
func (v *checker) amounts(m map[money.Currency]money.Decimal, place string) {
	for _, c := range sortedCurrencies(m) {
		at := place + "/" + escapePointer(string(c))
		v.unless(c.Valid(), at, "currency", "%q is not a currency code", c)
		v.unless(m[c].Sign() >= 0, at, "min", "%s is below 0", m[c])
	}
}

func sortedCurrencies[V any](m map[money.Currency]V) []money.Currency {
	keys := make([]money.Currency, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

func (r *Rule) checkBase(v *checker) {
	switch r.Base {
	case BaseRetail, BaseCost, BasePriceList:
		v.unless(r.FixedPrice == nil, "/fixedPrice", "conflict", "only base fixed has a fixed price")
	case BaseFixed:
		v.unless(len(r.FixedPrice) > 0, "/fixedPrice", "required", "base fixed needs a price for at least one currency")
	case "":
		v.unless(len(r.MinimumFee) > 0 || r.Bundle != nil, "/base", "required", "want retail, cost, price-list or fixed")
		v.unless(len(r.Operations) == 0, "/operations", "conflict", "operations need a base")
		v.unless(r.FixedPrice == nil, "/fixedPrice", "conflict", "only base fixed has a fixed price")
	default:
		v.unless(false, "/base", "value", "%q: want retail, cost, price-list or fixed", r.Base)
	}
	v.amounts(r.FixedPrice, "/fixedPrice")
	if p := r.PECSharePercent; p != nil {
		v.unless(r.Base == BaseRetail, "/pecSharePercent", "conflict", "a share of partner earned credit needs base retail")
		v.unless(p.Sign() >= 0 && p.Cmp(money.FromInt(100)) <= 0, "/pecSharePercent", "range", "%s: want 0 to 100", p)
	}
}

// check reports an operation that does not do exactly one thing, or a number out of its range.
func (o *Operation) check(v *checker, place string) {
	set := 0
	for _, given := range []bool{
		o.Percent != nil, o.MarginOfSell != nil, o.Discount != nil, o.PerUnit != nil, o.Graduated != nil,
		o.Volume != nil, o.Min != nil, o.Max != nil, o.Floor != "",
	} {
		if given {
			set++
		}
	}
	v.unless(set == 1, place, "one", "an operation does exactly one thing, this does %d", set)
	hundred := money.FromInt(100)
	if o.Percent != nil {
		v.unless(o.Percent.Cmp(hundred.Neg()) >= 0, place+"/percent", "min", "%s: want -100 or more", o.Percent)
	}
	if m := o.MarginOfSell; m != nil {
		v.unless(m.Less(hundred), place+"/marginOfSell", "max", "%s: a margin of the sell price lies below 100", m)
	}
	if d := o.Discount; d != nil {
		v.unless(d.Cmp(hundred) <= 0, place+"/discount", "max", "%s: want at most 100", d)
	}
	v.unless(o.Floor == "" || o.Floor == "cost", place+"/floor", "value", "%q: want cost", o.Floor)
	o.checkAmounts(v, place)
}

func (o *Operation) checkAmounts(v *checker, place string) {
	for _, c := range sortedCurrencies(o.PerUnit) { // may be negative: a rebate per unit
		v.unless(c.Valid(), place+"/perUnit/"+escapePointer(string(c)), "currency", "%q is not a currency code", c)
	}
	v.amounts(o.Min, place+"/min")
	v.amounts(o.Max, place+"/max")
	checkTiers(v, o.Graduated, place+"/graduated")
	checkTiers(v, o.Volume, place+"/volume")
}

func checkTiers(v *checker, tables map[money.Currency][]Tier, place string) {
	for _, c := range sortedCurrencies(tables) {
		at := place + "/" + escapePointer(string(c))
		v.unless(c.Valid(), at, "currency", "%q is not a currency code", c)
		v.unless(len(tables[c]) > 0, at, "required", "want at least one tier")
		var below money.Decimal
		for i, t := range tables[c] {
			here := at + "/" + strconv.Itoa(i)
			v.unless(t.Price.Sign() >= 0, here+"/price", "min", "%s is below 0", t.Price)
			if t.UpTo == nil {
				v.unless(i == len(tables[c])-1, here+"/upTo", "required", "only the last tier is open")
				continue
			}
			v.unless(i < len(tables[c])-1, here+"/upTo", "conflict", "the last tier is open: leave its upTo out")
			v.unless(below.Less(*t.UpTo), here+"/upTo", "order", "%s: tiers ascend", t.UpTo)
			below = *t.UpTo
		}
	}
}

// categories are the words of billing reference B10.
var categories = []string{
	"Azure plan", "licence", "reservation", "savings plan", "software", "perpetual", "third party",
}

func (r *Rule) checkSelector(v *checker) {
	s := &r.Select
	v.unless(s.ProductCategory == "" || anyFold(categories, s.ProductCategory), "/select/productCategory", "value",
		"%q: want one of %s", s.ProductCategory, strings.Join(categories, ", "))
	v.unless(s.PublisherClass == "" || anyFold([]string{"microsoft", "third-party"}, s.PublisherClass),
		"/select/publisherClass", "value", "%q: want microsoft or third-party", s.PublisherClass)
	v.unless(s.Currency == "" || money.Currency(s.Currency).Valid(), "/select/currency", "currency", "%q is not a currency code", s.Currency)
	v.unless(!strings.HasPrefix(s.Tag, "="), "/select/tag", "value", "want name=value, or name")
}

func (r *Rule) checkMinimum(v *checker) {
	v.amounts(r.MinimumFee, "/minimumFee")
	for i, p := range r.Per {
		v.unless(slices.Contains([]string{"customer", "currency", "month"}, p), "/per/"+strconv.Itoa(i), "value",
			"%q: a minimum fee is per customer, currency and month", p)
	}
	alone := len(r.MinimumFee) == 0
	v.unless(!alone || len(r.Per) == 0, "/per", "conflict", "only a minimum fee has it")
	v.unless(!alone || !r.Prorate, "/prorate", "conflict", "only a minimum fee is prorated")
}

func (r *Rule) checkCurrency(v *checker) {
	v.unless(r.Currency == "" || r.Currency.Valid(), "/currency", "currency", "%q is not a currency code", r.Currency)
	if r.FX == nil {
		return
	}
	v.unless(r.Currency != "", "/currency", "required", "fx converts into it")
	known := slices.Contains([]string{"microsoft", "fixed", "ecb"}, r.FX.Source)
	v.unless(known, "/fx/source", "value", "%q: want microsoft, fixed or ecb", r.FX.Source)
	v.unless(r.FX.Source != "fixed" || r.FX.Rate != nil, "/fx/rate", "required", "a fixed rate is needed")
	v.unless(r.FX.Rate == nil || r.FX.Rate.Sign() > 0, "/fx/rate", "min", "want more than 0")
}

func (r *Rule) checkRounding(v *checker) {
	if r.Rounding == nil {
		return
	}
	v.unless(r.Rounding.Mode.Valid(), "/rounding/mode", "value", "%q: want half-up, half-even, down, up, floor or ceiling",
		r.Rounding.Mode)
	v.unless(r.Rounding.Level.Valid(), "/rounding/level", "value", "%q: want unit, line, group or document", r.Rounding.Level)
	v.unless(r.Rounding.Scale >= 0 && r.Rounding.Scale <= SellScale, "/rounding/scale", "range", "%d: want 0 to %d",
		r.Rounding.Scale, SellScale)
	grouped := r.Rounding.Level == money.LevelGroup
	v.unless(grouped || len(r.Rounding.Group) == 0, "/rounding/group", "conflict", "only level group has it")
	v.unless(!grouped || len(r.Rounding.Group) > 0, "/rounding/group", "required", "level group needs the keys of a group")
	for i, k := range r.Rounding.Group {
		_, ok := groupKeys[k]
		v.unless(ok, "/rounding/group/"+strconv.Itoa(i), "value", "%q: want one of %s", k,
			strings.Join(sortedKeys(groupKeys), ", "))
	}
}

func (r *Rule) checkBundle(v *checker) {
	b := r.Bundle
	if b == nil {
		return
	}
	v.unless(r.Base == "", "/base", "conflict", "a bundle has its own price")
	v.unless(b.SKU != "", "/bundle/sku", "required", "the name by which the bundle is sold")
	v.unless(len(b.Price) > 0, "/bundle/price", "required", "want a price for at least one currency")
	v.amounts(b.Price, "/bundle/price")
	v.unless(len(b.Components) > 0, "/bundle/components", "required", "want at least one product")
	for i, c := range b.Components {
		at := "/bundle/components/" + strconv.Itoa(i)
		v.unless(c.ProductID != "", at+"/productId", "required", "the product whose cost it brings")
		v.unless(c.Weight.Sign() > 0, at+"/weight", "min", "%s: want more than 0", c.Weight)
	}
}
