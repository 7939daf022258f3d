package pricing

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Rate is an exchange rate: To per 1 From, with where it is from and its day.
type Rate struct {
	Rate   money.Decimal
	Source string
	On     period.Date
}

// Rates finds the rate for a conversion that a rule leaves to a source ("microsoft", "ecb") on a day; false when it
// has none.
type Rates func(source string, from, to money.Currency, on period.Date) (Rate, bool)

// Exchange is the conversion that a price went through, once.
type Exchange struct {
	From   money.Currency
	To     money.Currency
	Amount money.Decimal // before conversion, in From
	Rate   money.Decimal // To per 1 From
	Source string
	On     period.Date
}

// WithRates returns a book that looks up the rates which its rules do not carry themselves.
func (b *Book) WithRates(rates Rates) *Book {
	c := *b
	c.rates = rates
	return &c
}

// sellCurrency is the currency in which the rule sells a line.
func (r *Rule) sellCurrency(s *Subject) money.Currency {
	if r.Currency != "" {
		return r.Currency
	}
	return s.Currency
}

// rateFor is the rate by which the rule converts the line; false when none is known. A rule without a conversion has
// rate 1.
func (b *Book) rateFor(r *Rule, s *Subject) (Rate, bool) {
	to := r.sellCurrency(s)
	if to == s.Currency {
		return Rate{Rate: money.FromInt(1)}, true
	}
	if r.FX == nil {
		return Rate{}, false
	}
	if r.FX.Rate != nil {
		on := r.FX.On
		if on.IsZero() {
			on = s.On
		}
		return Rate{*r.FX.Rate, r.FX.Source, on}, true
	}
	if b.rates == nil {
		return Rate{}, false
	}
	on := r.FX.On
	if on.IsZero() {
		on = s.On
	}
	return b.rates(r.FX.Source, s.Currency, to, on)
}

// inapplicable says why a fitting rule cannot price the line: it lacks an amount in the line's currency, or a rate.
func (b *Book) inapplicable(r *Rule, s *Subject) string {
	to := r.sellCurrency(s)
	if r.Base == BaseFixed {
		_, direct := r.FixedPrice[to]
		if _, listed := r.FixedPrice[s.Currency]; !direct && !listed {
			return fmt.Sprintf("it has no fixed price in %s", to)
		}
	}
	for i := range r.Operations {
		if what := r.Operations[i].lacks(to); what != "" {
			return fmt.Sprintf("it has no %s in %s", what, to)
		}
	}
	if to != s.Currency {
		if _, ok := b.rateFor(r, s); !ok {
			return fmt.Sprintf("no exchange rate from %s to %s is known", s.Currency, to)
		}
	}
	return ""
}

// lacks names what the operation does not have in a currency, "" when it has all it needs.
func (o *Operation) lacks(c money.Currency) string {
	switch {
	case o.PerUnit != nil && !holds(o.PerUnit, c):
		return "amount per unit"
	case o.Graduated != nil && !holds(o.Graduated, c):
		return "graduated tiers"
	case o.Volume != nil && !holds(o.Volume, c):
		return "volume tiers"
	case o.Min != nil && !holds(o.Min, c):
		return "minimum"
	case o.Max != nil && !holds(o.Max, c):
		return "maximum"
	}
	return ""
}

func holds[V any](m map[money.Currency]V, c money.Currency) bool { _, ok := m[c]; return ok }
