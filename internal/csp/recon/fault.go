package recon

import (
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// fault is a finding on its way, with the sizes that it could have in the difference of its invoice.
type fault struct {
	Finding
	silent    bool            // explains a difference, but its finding stands elsewhere
	tentative bool            // a finding only where it explains a difference
	fitted    bool            // its size is what it explains of a difference, where it does
	rows      []int64         // usage groups whose rows are its evidence
	column    string          // of those rows
	group     string          // what it shares with faults that are the same finding; empty: a finding of its own
	count     int             // lines or documents concerned
	effects   []money.Decimal // each: how far the invoice would differ through this fault alone
}

func amount(d money.Decimal) *money.Decimal { return &d }

// witness adds a place, as far as a finding names places.
func (f *fault) witness(list ...Evidence) {
	f.Evidence = append(f.Evidence, list[:min(len(list), max(0, maxEvidence-len(f.Evidence)))]...)
}

// merge adds another fault of the same kind.
func (f *fault) merge(o *fault) {
	f.count += o.count
	f.rows = append(f.rows, o.rows...)
	f.witness(o.Evidence...)
	if f.Amount != nil && o.Amount != nil {
		f.Amount = amount(f.Amount.Add(*o.Amount))
	}
	last := func(list []money.Decimal, i int) money.Decimal {
		if len(list) == 0 {
			return money.Zero
		}
		return list[min(i, len(list)-1)]
	}
	sums := make([]money.Decimal, max(len(f.effects), len(o.effects)))
	for i := range sums {
		sums[i] = last(f.effects, i).Add(last(o.effects, i))
	}
	f.effects = sums
}

// distinct drops amounts that are there already; the order stays.
func distinct(list []money.Decimal) []money.Decimal {
	var out []money.Decimal
	for _, d := range list {
		if !slices.ContainsFunc(out, d.Equal) {
			out = append(out, d)
		}
	}
	return out
}

// explain classes an account's difference. Faults found at other levels explain it, as far as a choice of their
// effects sums to it; what is left is not-in-detail, and only then a finding of its own. It returns the effect chosen
// for each fault.
func (a *account) explain() ([]ClassAmount, []money.Decimal, *fault) {
	d := a.difference()
	chosen, rest := choose(a.faults, d)
	var out []ClassAmount
	add := func(c Class, size money.Decimal, count int) {
		i := slices.IndexFunc(out, func(k ClassAmount) bool { return k.Class == c })
		if i < 0 {
			out, i = append(out, ClassAmount{Class: c}), len(out)
		}
		out[i].Amount, out[i].Count = out[i].Amount.Add(size), out[i].Count+count
	}
	for i, e := range chosen {
		if !e.IsZero() {
			add(a.faults[i].Class, e, max(1, a.faults[i].count))
		}
	}
	if rest.IsZero() {
		return out, chosen, nil
	}
	add(NotInDetail, rest, 1)
	return out, chosen, a.unexplained(rest)
}

func (a *account) unexplained(rest money.Decimal) *fault {
	f := &fault{count: 1, Finding: Finding{
		Key: keyOf("L1", NotInDetail, a.number), Level: "L1", Class: NotInDetail, Severity: Error,
		Currency: a.currency, Amount: amount(rest),
		Message: "invoice " + a.number + " charges " + a.upstream().String() + " " + string(a.currency) +
			", its lines add up to " + a.accounted().String() + ": a difference of " + a.difference().String(),
	}}
	if d := a.difference(); !d.Equal(rest) {
		f.Message += ", of which nothing explains " + rest.String()
	}
	for _, doc := range a.docs {
		f.witness(Evidence{
			File: doc.Place.File, Line: doc.Place.Line, Column: "totalCharges",
			Detail: doc.Number + " totalCharges " + doc.TotalCharges.String(),
		})
	}
	return f
}

// maxChoices bounds the search for a choice of effects; where there are more, one fault alone, or all first effects
// together, are tried.
const maxChoices = 1 << 15

// choose picks for each fault one of its effects, or 0, such that they sum to d, with as few faults as can be. Where no
// choice does, one that leaves less than half of d is better than none, but then a tentative fault stays out of it: it
// is a fault only because it explains the whole. It returns what is left of d.
func choose(faults []*fault, d money.Decimal) (chosen []money.Decimal, rest money.Decimal) {
	chosen = make([]money.Decimal, len(faults))
	if d.IsZero() {
		return chosen, d
	}
	var all, certain []int
	for i, f := range faults {
		if len(f.effects) > 0 {
			all = append(all, i)
			if !f.tentative {
				certain = append(certain, i)
			}
		}
	}
	if s := searchFor(faults, all, d); s.rest.IsZero() {
		return s.best, money.Zero
	}
	if s := searchFor(faults, certain, d); s.rest.Abs().Mul(money.FromInt(2)).Less(d.Abs()) {
		return s.best, s.rest
	}
	return chosen, d
}

// search is a choice in the making and the best one so far.
type search struct {
	faults  []*fault
	some    []int
	current []money.Decimal
	best    []money.Decimal
	rest    money.Decimal
	used    int
}

func searchFor(faults []*fault, some []int, d money.Decimal) *search {
	s := &search{faults: faults, some: some, current: make([]money.Decimal, len(faults)), best: make([]money.Decimal, len(faults)), rest: d}
	choices := 1
	for _, i := range some {
		choices = min(maxChoices+1, choices*(len(faults[i].effects)+1))
	}
	if choices <= maxChoices {
		s.try(0, 0, d)
		return s
	}
	left := d
	for _, i := range some {
		for _, e := range faults[i].effects {
			s.current = make([]money.Decimal, len(faults))
			s.current[i] = e
			s.take(1, d.Sub(e))
		}
	}
	for _, i := range some {
		s.current[i], left = faults[i].effects[0], left.Sub(faults[i].effects[0])
	}
	s.take(len(some), left)
	return s
}

func (s *search) try(k, used int, left money.Decimal) {
	if k == len(s.some) {
		s.take(used, left)
		return
	}
	s.current[s.some[k]] = money.Zero
	s.try(k+1, used, left)
	for _, e := range s.faults[s.some[k]].effects {
		if !e.IsZero() {
			s.current[s.some[k]] = e
			s.try(k+1, used+1, left.Sub(e))
		}
	}
	s.current[s.some[k]] = money.Zero
}

// take keeps the current choice when it leaves less, or as little with fewer faults.
func (s *search) take(used int, left money.Decimal) {
	if c := left.Abs().Cmp(s.rest.Abs()); c < 0 || c == 0 && used < s.used {
		s.best, s.rest, s.used = slices.Clone(s.current), left, used
	}
}
