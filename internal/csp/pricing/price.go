package pricing

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// SellScale is the number of decimals that a sell amount keeps before its last rounding (D20).
const SellScale = 12

// Step is one step of a price: what was done, in words, and the amount after it.
type Step struct {
	Words  string        `json:"words"`
	Amount money.Decimal `json:"amount"`
}

// Priced is a line's price.
type Priced struct {
	Amount   money.Decimal  // unrounded, 12 decimals, in Currency, signed as the line is
	Rounded  money.Decimal  // after rounding on the unit or the line; Amount where the group or the document rounds
	Currency money.Currency // sell currency
	Rounding money.Rounding // the rule's, or half-up to the currency's minor units on the line
	Exchange *Exchange      // nil without a conversion
	Steps    []Step
}

// calculation is one price in the making.
type calculation struct {
	s        *Subject
	r        *Rule
	rate     money.Decimal
	currency money.Currency
	amount   money.Decimal
	traced   bool
	steps    []Step
}

// Price makes the rule's price of a line, step by step. A nil rule sells at retail, or at cost where the line has no
// retail. The rule must have been chosen by Match: it then has all amounts and rates that it needs.
func (b *Book) Price(s Subject, r *Rule) Priced { return b.price(&s, r, true) }

// Amount is Price without the steps, for bulk.
func (b *Book) Amount(s Subject, r *Rule) Priced { return b.price(&s, r, false) }

func (b *Book) price(s *Subject, r *Rule, traced bool) Priced {
	r = orDefault(r)
	rate, _ := b.rateFor(r, s)
	c := calculation{s: s, r: r, rate: rate.Rate, currency: r.sellCurrency(s), traced: traced}
	p := Priced{Currency: c.currency, Rounding: r.RoundingIn(c.currency)}
	if c.costsNothing() {
		c.set(money.Zero, "costs nothing and the rule does not charge on zero cost")
	} else {
		c.run(false)
		if c.currency != s.Currency {
			p.Exchange = c.exchange(rate)
		}
	}
	p.Amount = c.amount.Round(money.HalfEven, SellScale)
	p.Rounded = c.round(p.Amount, p.Rounding)
	p.Steps = c.steps
	return p
}

// costsNothing is G15's zero line: neither cost nor retail. A metered line whose cost was cut to 0.00 has retail still.
func (c *calculation) costsNothing() bool {
	return !c.r.ChargeOnZeroCost && c.s.Cost.IsZero() && c.s.Retail.IsZero()
}

// run starts from the base and does the operations in their order.
func (c *calculation) run(linearOnly bool) {
	c.start()
	for i := range c.r.Operations {
		c.apply(&c.r.Operations[i], linearOnly)
	}
}

// set notes a step. Words are made only for an explanation.
func (c *calculation) set(amount money.Decimal, words string, args ...any) {
	c.amount = amount
	if c.traced {
		c.steps = append(c.steps, Step{fmt.Sprintf(words, args...), amount})
	}
}

func (c *calculation) convert(amount money.Decimal) money.Decimal {
	if c.currency == c.s.Currency {
		return amount
	}
	return amount.Mul(c.rate)
}

// start sets the base, passes the share of the partner earned credit on, and converts.
func (c *calculation) start() {
	if c.r.Base == BaseFixed {
		c.startFixed()
		return
	}
	c.set(c.base())
	if share := c.r.PECSharePercent; share != nil && !c.s.PECCredit.IsZero() {
		credit := c.s.PECCredit.Mul(share.MulExact(hundredth))
		c.set(c.amount.Sub(credit), "- %s %% of partner earned credit %s", share.Plain(), c.s.PECCredit.Plain())
	}
	if c.currency != c.s.Currency {
		c.set(c.amount.Mul(c.rate), "x %s %s per %s", c.rate.Plain(), c.currency, c.s.Currency)
	}
}

// base is the amount that the rule starts from, with its words.
func (c *calculation) base() (money.Decimal, string, any) {
	switch {
	case c.r.Base == BaseCost:
		return c.s.Cost, "cost in %s", c.s.Currency
	case c.r.Base == BasePriceList && !c.s.PurchasePrice.IsZero():
		return c.s.PurchasePrice, "list price at the purchase in %s", c.s.Currency
	case !c.s.HasRetail:
		return c.s.Cost, "cost in %s: the line has no retail", c.s.Currency
	}
	return c.s.Retail, "retail in %s", c.s.Currency
}

// startFixed takes the fixed price in the sell currency, or converts the one in the line's.
func (c *calculation) startFixed() {
	price, direct := c.r.FixedPrice[c.currency]
	if !direct {
		price = c.r.FixedPrice[c.s.Currency]
	}
	c.set(price.Mul(c.s.Quantity), "fixed price %s x %s units", price, c.s.Quantity)
	if !c.s.Fraction.IsZero() && !c.s.Fraction.Equal(one) {
		c.set(c.amount.Mul(c.s.Fraction), "x %s of the cycle", c.s.Fraction)
	}
	if !direct {
		c.set(c.amount.Mul(c.rate), "x %s %s per %s", c.rate.Plain(), c.currency, c.s.Currency)
	}
}

// exchange records the conversion; nil where the rule's fixed price is in the sell currency already.
func (c *calculation) exchange(rate Rate) *Exchange {
	if _, direct := c.r.FixedPrice[c.currency]; direct && c.r.Base == BaseFixed {
		return nil
	}
	return &Exchange{c.s.Currency, c.currency, c.unconverted(), rate.Rate, rate.Source, rate.On}
}

// unconverted is the base in the line's currency, for the record of the conversion.
func (c *calculation) unconverted() money.Decimal {
	if c.r.Base == BaseFixed {
		amount := c.r.FixedPrice[c.s.Currency].Mul(c.s.Quantity)
		if c.s.Fraction.IsZero() {
			return amount
		}
		return amount.Mul(c.s.Fraction)
	}
	amount, _, _ := c.base()
	return amount
}

// RoundingIn is the rule's rounding, or half-up to the currency's minor units on the line.
func (r *Rule) RoundingIn(c money.Currency) money.Rounding {
	if r == nil || r.Rounding == nil {
		return money.Rounding{Mode: money.HalfUp, Scale: c.MinorUnits(), Level: money.LevelLine}
	}
	return r.Rounding.Rounding
}

// round does the rounding that belongs to the line itself.
func (c *calculation) round(amount money.Decimal, rule money.Rounding) money.Decimal {
	switch {
	case rule.Level == money.LevelUnit && !c.s.Quantity.IsZero():
		unit, _ := amount.QuoRound(c.s.Quantity, rule.Mode, rule.Scale) // not zero, see above
		// A metered quantity has decimals, so the product is rounded again, to what can be paid.
		r := unit.Mul(c.s.Quantity).Round(rule.Mode, c.currency.MinorUnits())
		c.set(r, "%s: %s x %s", rule, unit, c.s.Quantity.Plain())
		return r
	case rule.Level == money.LevelUnit, rule.Level == money.LevelLine:
		r := rule.Apply(amount)
		c.set(r, "%s", rule)
		return r
	}
	return amount
}
