package storetest

import (
	"fmt"
	"slices"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
)

func markup(id, percent string) pricing.Rule {
	p := money.MustParse(percent)
	return pricing.Rule{
		ID: id, Words: "cost plus", Base: pricing.BaseCost, Operations: []pricing.Operation{{Percent: &p}}, ValidFrom: period.MustDate("2026-01-01"),
		FixedPrice: map[money.Currency]money.Decimal{"EUR": money.MustParse("1.10")},
	}
}

// plain is what of rules does not depend on when they were added.
func plain(rules []pricing.Rule) []pricing.Rule {
	rules = slices.Clone(rules)
	for i := range rules {
		rules[i].AddedAt, rules[i].RemovedAt = time.Time{}, time.Time{}
	}
	return rules
}

// placed is a rule with its version and place.
func placed(r pricing.Rule, version int, sequence int64) pricing.Rule {
	r.Version, r.Sequence = version, sequence
	return r
}

var ruleCases = []testCase{
	{"rules are in force in the order of adding, as they were given", func(e *env) {
		added := got(e.AddRules(e.Context(), []pricing.Rule{markup("b", "10.0"), markup("a", "5")}))(e)
		same(e, got(e.Rules(e.Context()))(e), added)
		same(e, plain(added), []pricing.Rule{placed(markup("b", "10.0"), 1, 1), placed(markup("a", "5"), 1, 2)})
		if added[0].AddedAt.Before(day) || !added[0].RemovedAt.IsZero() {
			e.Errorf("added %s, removed %s", added[0].AddedAt, added[0].RemovedAt)
		}
	}},
	{"a rule without an id gets one", func(e *env) {
		added := got(e.AddRules(e.Context(), []pricing.Rule{markup("", "1"), markup("", "1")}))(e)
		if added[0].ID == "" || added[0].ID == added[1].ID {
			e.Errorf("ids %q and %q", added[0].ID, added[1].ID)
		}
		same(e, got(e.Rules(e.Context()))(e), added)
	}},
	{"a known id becomes the next version and keeps its place", func(e *env) {
		got(e.AddRules(e.Context(), []pricing.Rule{markup("a", "10"), markup("b", "20")}))(e)
		given := markup("a", "11")
		given.Version, given.Sequence, given.AddedAt = 7, 70, day // as a list prints it; not the giver's to say
		got(e.AddRules(e.Context(), []pricing.Rule{given}))(e)
		same(e, plain(got(e.Rules(e.Context()))(e)), []pricing.Rule{placed(markup("a", "11"), 2, 1), placed(markup("b", "20"), 1, 2)})
		versions := got(e.RuleVersions(e.Context(), "a"))(e)
		same(e, plain(versions), []pricing.Rule{placed(markup("a", "10"), 1, 1), placed(markup("a", "11"), 2, 1)})
		if !versions[0].RemovedAt.Equal(versions[1].AddedAt) || !versions[1].RemovedAt.IsZero() {
			e.Errorf("version 1 removed %s, version 2 added %s, removed %s", versions[0].RemovedAt, versions[1].AddedAt, versions[1].RemovedAt)
		}
	}},
	{"the same rules again change nothing", func(e *env) {
		first := got(e.AddRules(e.Context(), []pricing.Rule{markup("a", "10"), markup("b", "20")}))(e)
		same(e, got(e.AddRules(e.Context(), first))(e), first)
		same(e, got(e.Rules(e.Context()))(e), first)
	}},
	{"a removed rule is out of force, keeps its versions and comes back last", func(e *env) {
		got(e.AddRules(e.Context(), []pricing.Rule{markup("a", "10"), markup("b", "20")}))(e)
		removed := got(e.RemoveRule(e.Context(), "a"))(e)
		if removed.ID != "a" || removed.RemovedAt.IsZero() {
			e.Errorf("removed %s at %s", removed.ID, removed.RemovedAt)
		}
		same(e, plain(got(e.Rules(e.Context()))(e)), []pricing.Rule{placed(markup("b", "20"), 1, 2)})
		same(e, got(e.RuleVersions(e.Context(), "a"))(e), []pricing.Rule{removed})
		got(e.AddRules(e.Context(), []pricing.Rule{markup("a", "10")}))(e)
		same(e, plain(got(e.Rules(e.Context()))(e)), []pricing.Rule{placed(markup("b", "20"), 1, 2), placed(markup("a", "10"), 2, 3)})
	}},
	{"a rule that is not there is not found", func(e *env) {
		_, err := e.RuleVersions(e.Context(), "a")
		e.refused(err, errs.NotFound, "rule.unknown")
		got(e.AddRules(e.Context(), []pricing.Rule{markup("a", "10")}))(e)
		got(e.RemoveRule(e.Context(), "a"))(e)
		_, err = e.RemoveRule(e.Context(), "a")
		e.refused(err, errs.NotFound, "rule.unknown")
	}},
	{"rules that two add at once all have a place of their own", func(e *env) {
		other := e.open()
		var fns []func() error
		for i := range 10 {
			s := e.Store
			if i%2 == 0 {
				s = other
			}
			fns = append(fns, func() error {
				_, err := s.AddRules(e.Context(), []pricing.Rule{markup(fmt.Sprintf("r%d", i), "1"), markup("", "2")})
				return err
			})
		}
		for _, err := range atOnce(fns...) {
			e.must(err)
		}
		for i, r := range got(e.Rules(e.Context()))(e) {
			if r.Sequence != int64(i+1) {
				e.Errorf("rule %d has place %d", i+1, r.Sequence)
			}
		}
	}},
}
