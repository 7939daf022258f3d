package service

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Charge is what one service costs on the invoice of one month. Net and Cost are rounded half-up to the currency's
// minor units.
type Charge struct {
	ServiceID   string
	CustomerID  string
	Model       Model
	Description string
	From        period.Date // service period, both days inclusive
	To          period.Date
	Quantity    money.Decimal
	Unit        string
	UnitPrice   money.Decimal // as agreed; for a percentage the fee itself
	Net         money.Decimal
	Cost        money.Decimal
	Currency    money.Currency
	Spend       Spending // what a percentage is of
	Steps       []Step   // derivation; the last one's amount is Net
}

// Step is one step of a charge: what was done, in words, and the amount after it.
type Step struct {
	Words  string
	Amount money.Decimal
}

func step(amount money.Decimal, words string, args ...any) Step {
	return Step{fmt.Sprintf(words, args...), amount}
}

// Spending is a sum with its parts.
type Spending struct {
	Amount money.Decimal
	Parts  []Step
}

// Add adds a part.
func (s *Spending) Add(amount money.Decimal, words string) {
	s.Amount, s.Parts = s.Amount.Add(amount), append(s.Parts, Step{words, amount})
}

// Spend gives a customer's Azure spend of the month in one currency: the sum of its Azure plan lines at sell prices,
// before services. Nil: no spend.
type Spend func(customerID string, c money.Currency) Spending

// Charges makes what the services cost on the month's invoices, by customer, service and first day. It depends on
// nothing but its arguments, so that a replay gives the same.
//
// A recurring service in arrears covers the month itself. One in advance covers the month after, once it has started;
// the invoice of the month in which it starts covers the rest of that month too. So every day from From to To is
// charged on exactly one invoice. An end that is agreed after its month was charged in advance is a correction.
func Charges(services []Service, month period.Month, spend Spend) []Charge {
	var list []Charge
	for i := range services {
		list = append(list, services[i].charges(month, spend)...)
	}
	slices.SortStableFunc(list, func(a, b Charge) int {
		return cmp.Or(cmp.Compare(a.CustomerID, b.CustomerID), cmp.Compare(a.ServiceID, b.ServiceID), a.From.Compare(b.From))
	})
	return list
}

func (s *Service) charges(month period.Month, spend Spend) []Charge {
	switch s.Model {
	case OneTime:
		if month.Holds(s.From) {
			return []Charge{s.oneTime()}
		}
	case Recurring:
		return s.recurring(month)
	case Usage:
		if units, ok := s.Recorded[month]; ok {
			return s.usage(month, units)
		}
	case Percentage:
		return s.percentage(month, spend)
	}
	return nil
}

// span is the part of the month in which the service runs.
func (s *Service) span(month period.Month) (from, to period.Date, ok bool) {
	from, to = month.First(), month.Last()
	if s.From.After(from) {
		from = s.From
	}
	if !s.To.IsZero() && s.To.Before(to) {
		to = s.To
	}
	return from, to, !to.Before(from)
}

func (s *Service) charge(from, to period.Date, quantity money.Decimal) Charge {
	return Charge{
		ServiceID: s.ID, CustomerID: s.CustomerID, Model: s.Model, Description: cmp.Or(s.Description, s.Name),
		From: from, To: to, Quantity: quantity, Unit: s.Unit, UnitPrice: s.Price, Currency: s.Currency,
	}
}

// settle rounds amount and cost, the last step of every charge.
func (c *Charge) settle(amount, cost money.Decimal) {
	scale := c.Currency.MinorUnits()
	c.Net, c.Cost = amount.Round(money.HalfUp, scale), cost.Round(money.HalfUp, scale)
	c.Steps = append(c.Steps, step(c.Net, "half-up to %d decimals", scale))
}

func (s *Service) oneTime() Charge {
	to := s.From
	if !s.To.IsZero() {
		to = s.To
	}
	c := s.charge(s.From, to, s.Quantity)
	amount := s.Price.Mul(s.Quantity)
	c.Steps = []Step{step(amount, "once: %s x %s", s.Quantity.Plain(), s.Price.Plain())}
	c.settle(amount, s.Cost.Mul(s.Quantity))
	return c
}

func (s *Service) recurring(month period.Month) []Charge {
	covered := []period.Month{month}
	if s.Timing == Advance {
		covered = []period.Month{month.Add(1)}
		switch {
		case s.From.After(month.Last()):
			return nil
		case month.Holds(s.From):
			covered = []period.Month{month, month.Add(1)}
		}
	}
	var list []Charge
	for _, m := range covered {
		if from, to, ok := s.span(m); ok {
			list = append(list, s.recurringMonth(m, from, to))
		}
	}
	return list
}

func (s *Service) recurringMonth(m period.Month, from, to period.Date) Charge {
	c := s.charge(from, to, s.Quantity)
	amount, cost := s.Price.Mul(s.Quantity), s.Cost.Mul(s.Quantity)
	c.Steps = []Step{step(amount, "%s x %s for %s, in %s", s.Quantity.Plain(), s.Price.Plain(), m, s.Timing)}
	c.settle(s.prorated(&c, amount, m), s.prorated(nil, cost, m))
	return c
}

// prorated takes the days on which the service runs out of the month's; without proration, all of it.
func (s *Service) prorated(c *Charge, amount money.Decimal, m period.Month) money.Decimal {
	from, to, _ := s.span(m)
	days, whole := from.DaysThrough(to), m.Days()
	if !s.Prorate || days == whole {
		return amount
	}
	part, _ := amount.MulExact(money.FromInt(int64(days))).Quo(money.FromInt(int64(whole))) // a month has days
	if c != nil {
		c.Steps = append(c.Steps, step(part, "x %d of %d days", days, whole))
	}
	return part
}

func (s *Service) usage(month period.Month, units money.Decimal) []Charge {
	from, to, ok := s.span(month)
	if !ok {
		return nil
	}
	c := s.charge(from, to, units)
	amount := s.Price.Mul(units)
	c.Steps = []Step{step(amount, "%s recorded units x %s", units.Plain(), s.Price.Plain())}
	c.settle(amount, s.Cost.Mul(units))
	return []Charge{c}
}

func (s *Service) percentage(month period.Month, spend Spend) []Charge {
	from, to, ok := s.span(month)
	if !ok {
		return nil
	}
	var base Spending
	if spend != nil {
		base = spend(s.CustomerID, s.Currency)
	}
	c := s.charge(from, to, money.FromInt(1))
	fee := base.Amount.Mul(s.Percent.MulExact(money.New(1, -2)))
	c.Spend = base
	c.Steps = []Step{step(base.Amount, "Azure spend of %s in %s", month, s.Currency), step(fee, "%s %% of it", s.Percent.Plain())}
	c.settle(s.limited(&c, fee, month), s.prorated(nil, s.Cost, month))
	c.UnitPrice = c.Net.Abs()
	return []Charge{c}
}

// limited holds the fee between minimum and maximum, which are prorated like a recurring price.
func (s *Service) limited(c *Charge, fee money.Decimal, month period.Month) money.Decimal {
	if s.Minimum != nil {
		if least := s.prorated(nil, *s.Minimum, month); fee.Less(least) {
			c.Steps = append(c.Steps, step(least, "at least %s%s", least.Plain(), s.shareWords(least, *s.Minimum, month)))
			fee = least
		}
	}
	if s.Maximum != nil {
		if most := s.prorated(nil, *s.Maximum, month); most.Less(fee) {
			c.Steps = append(c.Steps, step(most, "at most %s%s", most.Plain(), s.shareWords(most, *s.Maximum, month)))
			fee = most
		}
	}
	return fee
}

// shareWords say of which amount a limit is the prorated part; "" where it is all of it.
func (s *Service) shareWords(part, whole money.Decimal, month period.Month) string {
	if part.Equal(whole) {
		return ""
	}
	from, to, _ := s.span(month)
	return fmt.Sprintf(" (%s for %d of %d days)", whole.Plain(), from.DaysThrough(to), month.Days())
}
