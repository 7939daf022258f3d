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
	count     int             // lines or documents concerned
	effects   []money.Decimal // each: how far the invoice would differ through this fault alone
}

func amount(d money.Decimal) *money.Decimal { return &d }

// explain classes an account's difference. Faults found at other levels explain it where a choice of their effects
// sums to it; what is left is not-in-detail, and only then a finding of its own.
func (a *account) explain() ([]ClassAmount, *fault) {
	d := a.difference()
	if d.IsZero() {
		return nil, nil
	}
	if chosen, ok := choose(a.faults, d); ok {
		var out []ClassAmount
		for f, e := range chosen {
			if e.IsZero() {
				continue
			}
			i := slices.IndexFunc(out, func(c ClassAmount) bool { return c.Class == a.faults[f].Class })
			if i < 0 {
				out, i = append(out, ClassAmount{Class: a.faults[f].Class}), len(out)
			}
			out[i].Amount, out[i].Count = out[i].Amount.Add(e), out[i].Count+max(1, a.faults[f].count)
		}
		return out, nil
	}
	return []ClassAmount{{Class: NotInDetail, Amount: d, Count: 1}}, a.unexplained(d)
}

func (a *account) unexplained(d money.Decimal) *fault {
	f := &fault{count: 1, Finding: Finding{
		Key: keyOf("L1", NotInDetail, a.number), Level: "L1", Class: NotInDetail, Severity: Error,
		Currency: a.currency, Amount: amount(d),
		Message: "invoice " + a.number + " charges " + a.upstream().String() + " " + string(a.currency) +
			", its lines add up to " + a.accounted().String() + ": a difference of " + d.String(),
	}}
	for _, doc := range a.docs {
		f.Evidence = append(f.Evidence, Evidence{File: doc.Place.File, Line: doc.Place.Line, Column: "totalCharges",
			Detail: doc.Number + " totalCharges " + doc.TotalCharges.String()})
	}
	return f
}

// maxFaults bounds the search for a choice of effects; with more faults only all first effects together, or one
// alone, are tried.
const maxFaults = 10

// choose picks for each fault one of its effects, or 0, such that they sum to d.
func choose(faults []*fault, d money.Decimal) ([]money.Decimal, bool) {
	var some []int
	for i, f := range faults {
		if len(f.effects) > 0 {
			some = append(some, i)
		}
	}
	chosen := make([]money.Decimal, len(faults))
	if d.IsZero() {
		return chosen, true
	}
	if len(some) > maxFaults {
		return chooseSimply(faults, some, d, chosen)
	}
	var try func(k int, left money.Decimal) bool
	try = func(k int, left money.Decimal) bool {
		if k == len(some) {
			return left.IsZero()
		}
		for _, e := range faults[some[k]].effects {
			chosen[some[k]] = e
			if try(k+1, left.Sub(e)) {
				return true
			}
		}
		chosen[some[k]] = money.Zero
		return try(k+1, left)
	}
	return chosen, try(0, d)
}

func chooseSimply(faults []*fault, some []int, d money.Decimal, chosen []money.Decimal) ([]money.Decimal, bool) {
	var all money.Decimal
	for _, i := range some {
		all = all.Add(faults[i].effects[0])
		for _, e := range faults[i].effects {
			if e.Equal(d) {
				chosen[i] = e
				return chosen, true
			}
		}
	}
	for _, i := range some {
		chosen[i] = faults[i].effects[0]
	}
	return chosen, all.Equal(d)
}
