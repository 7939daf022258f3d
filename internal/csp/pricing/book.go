package pricing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Decision is what a book makes of one line.
type Decision struct {
	Winner   *Rule   // nil: no rule applies; the line sells at retail, or at cost where it has none, and the run notes it
	Minimums []*Rule // rules whose minimum fee this line counts toward, strongest first
	Losers   []Loser // why the other rules did not price the line; only Explain fills it
}

// Loser is a rule that did not price a line, and why, in words for a person.
type Loser struct {
	Rule   *Rule
	Reason string
}

// Book is a fixed set of price rules, ready to choose among them. It is safe for concurrent use.
type Book struct {
	entries []entry // in order of strength
	buckets map[string][]int
	general []int
	rates   Rates
}

type entry struct {
	rule       *Rule
	conditions []condition
	keys, kind int
}

// NewBook puts the rules in their order: priority (higher first), then number of selector keys (more first), then
// charge type over meter over product and SKU over product category, then the earlier added (Sequence). Rules of equal
// Sequence stay in the order given. The rules are copied.
func NewBook(rules []Rule) *Book {
	b := &Book{buckets: map[string][]int{}}
	for i := range rules {
		r := rules[i]
		b.entries = append(b.entries, entry{&r, conditionsOf(&r.Select), r.Select.Keys(), r.Select.kind()})
	}
	slices.SortStableFunc(b.entries, compareEntries)
	for i := range b.entries {
		if key := b.entries[i].bucket(); key != "" {
			b.buckets[key] = append(b.buckets[key], i)
		} else {
			b.general = append(b.general, i)
		}
	}
	return b
}

func compareEntries(a, b entry) int {
	return cmp.Or(
		cmp.Compare(b.rule.Priority, a.rule.Priority),
		cmp.Compare(b.keys, a.keys),
		cmp.Compare(b.kind, a.kind),
		cmp.Compare(a.rule.Sequence, b.rule.Sequence),
	)
}

// Rules lists the book's rules, strongest first. They must not be changed.
func (b *Book) Rules() []*Rule {
	list := make([]*Rule, len(b.entries))
	for i := range b.entries {
		list[i] = b.entries[i].rule
	}
	return list
}

// bucketKeys are the keys with many values; a rule that sets one is looked up by it and not tried on other lines.
var bucketKeys = []struct {
	prefix string
	of     func(*Selector) string
	values func(*Subject) []string
}{
	{"subscription ", func(s *Selector) string { return s.SubscriptionID }, func(s *Subject) []string { return []string{s.SubscriptionID} }},
	{"customer ", func(s *Selector) string { return s.CustomerID }, func(s *Subject) []string { return []string{s.CustomerID} }},
	{"tenant ", func(s *Selector) string { return s.TenantID }, func(s *Subject) []string { return []string{s.TenantID} }},
	{"meter ", func(s *Selector) string { return s.MeterID }, func(s *Subject) []string { return s.MeterIDs[:min(1, len(s.MeterIDs))] }},
	{"product ", func(s *Selector) string { return s.ProductID }, func(s *Subject) []string { return []string{s.ProductID} }},
}

func (e *entry) bucket() string {
	for _, k := range bucketKeys {
		if v := k.of(&e.rule.Select); v != "" {
			return k.prefix + strings.ToLower(v)
		}
	}
	return ""
}

// candidates are the entries that may fit, strongest first.
func (b *Book) candidates(s *Subject) []int {
	if len(b.buckets) == 0 {
		return b.general
	}
	list := b.general[:len(b.general):len(b.general)]
	for _, k := range bucketKeys {
		for _, v := range k.values(s) {
			if v != "" {
				list = append(list, b.buckets[k.prefix+strings.ToLower(v)]...)
			}
		}
	}
	if len(list) > len(b.general) {
		slices.Sort(list) // a copy: the capacity above makes append copy
	}
	return list
}

// Match chooses the rule that prices the line and finds the minimums that it counts toward. It is made for bulk:
// Explain tells the losers.
func (b *Book) Match(s Subject) Decision {
	var d Decision
	for _, i := range b.candidates(&s) {
		e := &b.entries[i]
		decided := d.Winner != nil && e.rule.Prices()
		if decided || !fits(e.conditions, &s) || inForce(e.rule, &s) != "" {
			continue
		}
		d.take(b, e, &s, false)
	}
	return d
}

// Explain is Match with a reason for every rule of the book that did not price the line, strongest first.
func (b *Book) Explain(s Subject) Decision {
	var d Decision
	for i := range b.entries {
		e := &b.entries[i]
		why := mismatch(e.conditions, &s)
		if why == "" {
			why = inForce(e.rule, &s)
		}
		if why != "" {
			d.Losers = append(d.Losers, Loser{e.rule, why})
			continue
		}
		d.take(b, e, &s, true)
	}
	return d
}

// take gives a fitting rule its place in the decision. Entries come strongest first.
func (d *Decision) take(b *Book, e *entry, s *Subject, explain bool) {
	r := e.rule
	var why string
	switch {
	case r.Bundle != nil:
		why = "a bundle: it prices all its component lines together"
	case !r.Prices():
		d.Minimums = append(d.Minimums, r)
		return
	case d.Winner != nil && explain:
		why = outranked(d.Winner, r)
	default:
		why = b.inapplicable(r, s)
	}
	if why != "" {
		if explain {
			d.Losers = append(d.Losers, Loser{r, why})
		}
		return
	}
	d.Winner = r
	if len(r.MinimumFee) > 0 {
		d.Minimums = append(d.Minimums, r)
	}
}

// Prices says whether the rule sets a price. One that does not has only a minimum fee and applies beside a price rule.
func (r *Rule) Prices() bool { return r.Base != "" }

func inForce(r *Rule, s *Subject) string {
	switch {
	case r.ValidFrom.IsZero() && r.ValidTo.IsZero():
		return ""
	case s.On.IsZero():
		return "it is valid for a time, and the line has no day"
	case !r.ValidFrom.IsZero() && s.On.Before(r.ValidFrom):
		return fmt.Sprintf("it is valid from %s, the line is of %s", r.ValidFrom, s.On)
	case !r.ValidTo.IsZero() && s.On.After(r.ValidTo):
		return fmt.Sprintf("it was valid through %s, the line is of %s", r.ValidTo, s.On)
	}
	return ""
}

// outranked says by which step of the order the winner came first.
func outranked(w, r *Rule) string {
	wk, rk := w.Select.Keys(), r.Select.Keys()
	switch {
	case w.Priority != r.Priority:
		return fmt.Sprintf("priority %d, rule %s has %d", r.Priority, w.ID, w.Priority)
	case wk != rk:
		return fmt.Sprintf("selects by %s, rule %s by %d", keysWord(rk), w.ID, wk)
	case w.Select.kind() != r.Select.kind():
		return fmt.Sprintf("rule %s names %s, which is more specific than %s", w.ID, kindWord(w), kindWord(r))
	}
	return fmt.Sprintf("as specific as rule %s, which was added earlier", w.ID)
}

func keysWord(n int) string {
	if n == 1 {
		return "1 key"
	}
	return fmt.Sprintf("%d keys", n)
}

func kindWord(r *Rule) string {
	switch k := r.Select.kind(); {
	case k >= 8:
		return "a charge type"
	case k >= 4:
		return "a meter"
	case k >= 2:
		return "a product or SKU"
	case k >= 1:
		return "a product category"
	}
	return "none of charge type, meter, product and category"
}
