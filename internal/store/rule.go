package store

import (
	"context"
	"fmt"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/store/dbq"
)

// Rules lists the rules in force, in the order in which they were added.
func (r reads) Rules(ctx context.Context) ([]pricing.Rule, error) {
	rows, err := r.q.RulesInForce(ctx)
	if err != nil {
		return nil, doing(err, "list price rules")
	}
	return fromRowRules(rows)
}

// RuleVersions lists all versions of a rule, oldest first. Code: rule.unknown.
func (r reads) RuleVersions(ctx context.Context, ruleID string) ([]pricing.Rule, error) {
	rows, err := r.q.RuleVersions(ctx, toText(ruleID))
	if err != nil {
		return nil, doing(err, "list versions of rule %s", ruleID)
	}
	if len(rows) == 0 {
		return nil, errs.New(errs.NotFound, "rule.unknown", "there is no price rule %s", ruleID)
	}
	return fromRowRules(rows)
}

// AddRules adds rules, all of them or none, and returns them as they are kept. A rule without an id gets one. A rule
// whose id is in force becomes its next version and keeps its place in the order of adding; the same rule again changes
// nothing. A removed id that is added again comes last, as a new rule does. Rules are checked by the caller.
func (s *Store) AddRules(ctx context.Context, rules []pricing.Rule) ([]pricing.Rule, error) {
	var kept []pricing.Rule
	err := s.inTx(ctx, func(t *tx) error {
		kept = make([]pricing.Rule, 0, len(rules))
		for _, r := range rules {
			k, err := t.addRule(ctx, r)
			if err != nil {
				return fmt.Errorf("rule %s: %w", r.ID, err)
			}
			kept = append(kept, k)
		}
		return nil
	})
	if err != nil {
		return nil, doing(err, "add price rules")
	}
	return kept, nil
}

func (t *tx) addRule(ctx context.Context, r pricing.Rule) (pricing.Rule, error) {
	r.Version, r.Sequence, r.AddedAt, r.RemovedAt = 0, 0, time.Time{}, time.Time{}
	if r.ID == "" {
		r.ID = id.New("rule", t.now)
	}
	r.ID = toText(r.ID)
	body, err := toBody(r)
	if err != nil {
		return r, err
	}
	before, err := t.q.RuleVersions(ctx, r.ID)
	if err != nil {
		return r, err
	}
	if n := len(before); n > 0 {
		last := before[n-1]
		r.Version = int(last.Version)
		if last.RemovedAt == 0 {
			if last.Body == body {
				return fromRowRule(last)
			}
			r.Sequence = last.Sequence
			if _, err := t.q.RemoveRule(ctx, dbq.RemoveRuleParams{ID: r.ID, RemovedAt: toMicros(t.now)}); err != nil {
				return r, err
			}
		}
	}
	if r.Sequence == 0 {
		if r.Sequence, err = t.q.NextNumber(ctx, dbq.NextNumberParams{Series: ruleSeries, First: 1}); err != nil {
			return r, err
		}
	}
	r.Version++
	r.AddedAt = fromMicros(toMicros(t.now))
	return r, t.q.AddRule(ctx, dbq.AddRuleParams{
		ID: r.ID, Version: int64(r.Version), Sequence: r.Sequence, AddedAt: toMicros(t.now), Body: body,
	})
}

// ruleSeries names the counter that gives rules their order; no document has a series of this name.
const ruleSeries = "price-rule"

// RemoveRule takes a rule out of force and returns it; its versions are kept. Code: rule.unknown.
func (s *Store) RemoveRule(ctx context.Context, ruleID string) (pricing.Rule, error) {
	var r pricing.Rule
	err := s.inTx(ctx, func(t *tx) error {
		n, err := t.q.RemoveRule(ctx, dbq.RemoveRuleParams{ID: toText(ruleID), RemovedAt: toMicros(t.now)})
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.NotFound, "rule.unknown", "no price rule %s is in force", ruleID)
		}
		versions, err := t.RuleVersions(ctx, ruleID)
		if err == nil {
			r = versions[len(versions)-1]
		}
		return err
	})
	return r, doing(err, "remove rule %s", ruleID)
}

func fromRowRules(rows []dbq.PriceRule) ([]pricing.Rule, error) {
	list := make([]pricing.Rule, len(rows))
	for i, row := range rows {
		var err error
		if list[i], err = fromRowRule(row); err != nil {
			return nil, err
		}
	}
	return list, nil
}

func fromRowRule(row dbq.PriceRule) (pricing.Rule, error) {
	var r pricing.Rule
	err := fromBody(row.Body, &r)
	r.Version, r.Sequence = int(row.Version), row.Sequence
	r.AddedAt, r.RemovedAt = fromMicros(row.AddedAt), fromMicros(row.RemovedAt)
	return r, err
}
