package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/service"
)

// chargesOf are a customer's charges of the run that keep holds for, as parts at what they are sold for.
func (ex *explaining) chargesOf(ctx context.Context, customerID string, keep func(*rating.Charge) bool) ([]part, error) {
	var parts []part
	for c, err := range ex.a.lake.ChargesOf(ctx, ex.s.charges, customerID) {
		if err != nil {
			return nil, err
		}
		if keep(&c) {
			parts = append(parts, partOf(fmt.Sprintf("%s %s, %s %s", whence(&c), c.ChargeType, c.Category, c.ProductID), c.Sell, c.SellCurrency))
		}
	}
	return parts, nil
}

// minimum derives the shortfall to a minimum fee: the minimum, prorated where the rule says so, less what counts toward it.
func (ex *explaining) minimum(ctx context.Context, customerID string, c money.Currency, l billing.Line) ([]part, money.Currency, error) {
	rule := ex.rule(l.RuleID)
	if rule == nil {
		return nil, c, errs.New(errs.NotFound, "rule.gone", "rule %s is not among those of run %s", l.RuleID, ex.s.ID)
	}
	if l.CostCurrency != "" {
		c = l.CostCurrency // a fee is made in the currency of the charges that count toward it
	}
	counted, err := ex.chargesOf(ctx, customerID, func(ch *rating.Charge) bool { return slices.Contains(ch.Minimums, rule.ID) && ch.SellCurrency == c })
	if err != nil {
		return nil, c, err
	}
	sold := total(counted, func(p part) money.Decimal { return p.amount })
	active, days := ex.s.parties.daysIn(customerID, ex.s.Period)
	fee, _ := pricing.Minimum(rule, c, sold, active, days) // the rule has a minimum in it, else there were no line
	least := partOf(fmt.Sprintf("minimum fee of rule %s version %d", rule.ID, rule.Version), fee.Minimum, c)
	if whole := rule.MinimumFee[c]; !whole.Equal(fee.Minimum) {
		least.From = []Node{node("a whole month", whole.Plain()), node(fmt.Sprintf("x %d of %d days as a customer", active, days), fee.Minimum.Plain())}
		least.How = HowSteps
	}
	less := listed(negative(counted, c), c, "lines")
	return []part{least, {sumOf(fmt.Sprintf("less what %d lines were sold for", len(counted)), sold.Neg(), c, less), sold.Neg()}}, c, nil
}

func negative(parts []part, c money.Currency) []part {
	out := make([]part, len(parts))
	for i, p := range parts {
		out[i] = partOf(p.Text, p.amount.Neg(), c)
	}
	return out
}

// serviced derives what a service costs by its terms.
func (ex *explaining) serviced(ctx context.Context, l billing.Line) ([]part, money.Currency, error) {
	i := slices.IndexFunc(ex.s.parties.Services, func(s service.Service) bool { return s.ID == l.ServiceID })
	if i < 0 {
		return nil, "", errs.New(errs.NotFound, "service.gone", "service %s is not among those of run %s", l.ServiceID, ex.s.ID)
	}
	s := ex.s.parties.Services[i]
	var spent map[money.Currency][]part
	var err error
	charges := service.Charges([]service.Service{s}, ex.s.Period, func(customerID string, c money.Currency) service.Spending {
		if spent, err = ex.azureParts(ctx, customerID); err != nil {
			return service.Spending{}
		}
		sums := map[money.Currency]money.Decimal{}
		for currency, parts := range spent {
			sums[currency] = total(parts, func(p part) money.Decimal { return p.amount })
		}
		sum, _ := ex.m.spending(sums, c)
		return sum
	})
	var parts []part
	for _, c := range charges {
		if c.From == l.ServiceFrom && c.To == l.ServiceTo {
			terms := fmt.Sprintf("service %s, %s, from %s to %s", s.Name, s.Model, c.From, c.To)
			n := node(terms, inCurrency(c.Net, c.Currency), ex.serviceSteps(c, spent)...).how(HowSteps)
			parts = append(parts, part{n, c.Net})
		}
	}
	return parts, s.Currency, err
}

func (ex *explaining) azureParts(ctx context.Context, customerID string) (map[money.Currency][]part, error) {
	spent := map[money.Currency][]part{}
	for c, err := range ex.a.lake.ChargesOf(ctx, ex.s.charges, customerID) {
		if err != nil {
			return nil, err
		}
		if c.Category == rating.AzurePlan {
			spent[c.SellCurrency] = append(spent[c.SellCurrency], partOf(fmt.Sprintf("%s %s", whence(&c), c.ChargeType), c.Sell, c.SellCurrency))
		}
	}
	return spent, nil
}

// serviceSteps are a service's steps; beneath the first of a percentage stands what it is of.
func (ex *explaining) serviceSteps(c service.Charge, spent map[money.Currency][]part) []Node {
	nodes := make([]Node, len(c.Steps))
	for i, s := range c.Steps {
		nodes[i] = node(s.Words, s.Amount.Plain())
	}
	if c.Model != service.Percentage || len(c.Spend.Parts) == 0 {
		return nodes
	}
	var parts []part
	for _, p := range c.Spend.Parts {
		parts = append(parts, part{node(p.Words, p.Amount.Plain()), p.Amount})
	}
	if own := spent[c.Currency]; len(spent) == 1 && len(own) > 0 {
		parts = listed(own, c.Currency, "lines")
	}
	nodes[0] = sumOf(c.Steps[0].Words, c.Steps[0].Amount, c.Currency, parts)
	return nodes
}

// corrected derives a correction: what the charge is now, less what issued documents billed of it.
func (ex *explaining) corrected(ctx context.Context, of account, l billing.Line) ([]part, error) {
	if l.Change == nil {
		return nil, nil
	}
	now, err := ex.nowOf(ctx, of, l)
	if err != nil {
		return nil, err
	}
	parts := []part{now}
	for _, b := range billing.Billed(ex.s.parties.Issued, l, of.currency) {
		parts = append(parts, partOf(fmt.Sprintf("less what %s billed in line %d", b.Number, b.N), b.Net.Neg(), of.currency))
	}
	change := l.Change.Now.Sub(l.Change.Billed)
	if change.Equal(l.Net) {
		return parts, nil
	}
	whole := sumOf("the whole change, spread over the documents that billed the charge", change, of.currency, parts)
	return []part{partOf("of the change, what "+l.CorrectsNumber+" takes back", l.Net, of.currency, whole)}, nil
}

func (ex *explaining) nowOf(ctx context.Context, of account, l billing.Line) (part, error) {
	if l.Change.Now.IsZero() && len(l.ChargeIDs) == 0 {
		return partOf(fmt.Sprintf("now: the charge is not in %s any more", l.CorrectsPeriod), money.Zero, of.currency), nil
	}
	parts, err := ex.now(ctx, of, l, l.Change.Now)
	return part{sumOf("now, by the run of "+l.CorrectsPeriod.String(), l.Change.Now, of.currency, parts), l.Change.Now}, err
}

// carried derives a balance of an earlier month: the lines of one tax category that its total was made of, each derived
// in the run that carried it forward.
func (ex *explaining) carried(ctx context.Context, of account, l billing.Line) ([]part, error) {
	for _, b := range ex.s.parties.Balances {
		if b.CustomerID != of.customerID || b.Currency != of.currency || b.Period != l.CorrectsPeriod || !b.Holds(l) {
			continue
		}
		then, err := ex.a.explaining(ctx, b.RunID)
		if err != nil {
			return nil, err
		}
		parts, rest := []part{}, []part{}
		for _, o := range b.Lines {
			if o.Tax != l.Tax || !o.TaxRate.Equal(l.TaxRate) {
				continue
			}
			if len(parts) == maxExplained {
				rest = append(rest, partOf("", o.Net, of.currency))
				continue
			}
			n, err := then.line(ctx, o.Description, of, o)
			if err != nil {
				return nil, err
			}
			parts = append(parts, part{n, o.Net})
		}
		if len(rest) > 0 {
			parts = append(parts, partOf(fmt.Sprintf("%d more lines", len(rest)), total(rest, func(p part) money.Decimal { return p.amount }), of.currency))
		}
		return []part{{sumOf(fmt.Sprintf("balance of %s, carried forward by %s", b.Period, b.RunID), l.Net, of.currency, parts), l.Net}}, nil
	}
	return nil, errs.New(errs.NotFound, "balance.gone", "the balance of %s is not among those of run %s", l.CorrectsPeriod, ex.s.ID)
}

// credited derives a line that a person credited: the line of the invoice, and how much of it is given back.
func (ex *explaining) credited(ctx context.Context, of account, l billing.Line) ([]part, error) {
	inv, err := ex.a.store.Invoice(ctx, l.CorrectsNumber)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(inv.Lines, func(o billing.Line) bool { return o.N == l.CorrectsLine })
	if i < 0 {
		return nil, errs.New(errs.NotFound, "invoice.no_line", "%s has no line %d", inv.Name(), l.CorrectsLine)
	}
	original := inv.Lines[i]
	ex, err = ex.a.explaining(ctx, inv.RunID)
	if err != nil {
		return nil, err
	}
	tree, err := ex.line(ctx, fmt.Sprintf("%s line %d: %s", inv.Name(), original.N, original.Description), account{inv.CustomerID, inv.Currency}, original)
	text := fmt.Sprintf("all of line %d of %s, given back", original.N, inv.Name())
	if !l.Net.Neg().Equal(original.Net) {
		text = fmt.Sprintf("part of line %d of %s, given back", original.N, inv.Name())
	}
	return []part{partOf(text, l.Net, of.currency, tree)}, err
}
