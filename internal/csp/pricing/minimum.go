package pricing

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// MinimumFee is a minimum and what is missing to it, in Currency, rounded half-up to its minor units.
type MinimumFee struct {
	Rule      *Rule
	Customer  string
	Currency  money.Currency
	Minimum   money.Decimal // prorated where the rule says so
	Sold      money.Decimal // sum of the lines that count toward it
	Shortfall money.Decimal // never negative
	Words     string
}

// Minimum holds what was sold against the rule's minimum fee. Active of days is the share of the month in which the
// customer was one; it counts only where the rule prorates. False: the rule has no minimum in the currency.
func Minimum(r *Rule, c money.Currency, sold money.Decimal, active, days int) (MinimumFee, bool) {
	least, ok := r.MinimumFee[c]
	if !ok {
		return MinimumFee{}, false
	}
	words := fmt.Sprintf("minimum %s %s", least.Plain(), c)
	if r.Prorate && active < days && days > 0 {
		least, _ = least.MulExact(money.FromInt(int64(max(0, active)))).
			QuoRound(money.FromInt(int64(days)), money.HalfUp, c.MinorUnits()) // days is not 0
		words += fmt.Sprintf(" for %d of %d days: %s", active, days, least)
	}
	fee := MinimumFee{Rule: r, Currency: c, Minimum: least, Sold: sold}
	fee.Shortfall = money.Max(money.Zero, least.Sub(sold).Round(money.HalfUp, c.MinorUnits()))
	fee.Words = fmt.Sprintf("%s, sold %s", words, sold.Plain())
	return fee, true
}

// Tally adds up what counts toward minimum fees, by rule, customer and currency (D16). Its zero value is ready.
type Tally struct {
	sums map[tallyKey]money.Decimal
}

type tallyKey struct {
	rule     *Rule
	customer string
	currency money.Currency
}

// creditCharge is the charge type of credits that Microsoft grants; they do not count toward a minimum (D16).
const creditCharge = "customerCredit"

// Add counts a line's rounded sell amount toward the minimums of its decision, and returns those. Credits stay apart.
func (t *Tally) Add(s Subject, d Decision, currency money.Currency, sell money.Decimal) (counted []*Rule) {
	if len(d.Minimums) == 0 || anyFold([]string{s.ChargeType}, creditCharge) {
		return nil
	}
	if t.sums == nil {
		t.sums = map[tallyKey]money.Decimal{}
	}
	for _, r := range d.Minimums {
		if _, ok := r.MinimumFee[currency]; ok {
			k := tallyKey{r, cmp.Or(s.CustomerID, s.TenantID), currency}
			t.sums[k] = t.sums[k].Add(sell)
			counted = append(counted, r)
		}
	}
	return counted
}

// Fees lists every minimum that was counted toward, by customer, currency and rule; those without a shortfall too, so
// that an explanation can show them. Active gives a customer's days in the month and the month's days; nil: all days.
func (t *Tally) Fees(active func(customer string) (active, days int)) []MinimumFee {
	var fees []MinimumFee
	for k, sold := range t.sums {
		a, n := 1, 1
		if active != nil {
			a, n = active(k.customer)
		}
		if fee, ok := Minimum(k.rule, k.currency, sold, a, n); ok {
			fee.Customer = k.customer
			fees = append(fees, fee)
		}
	}
	slices.SortFunc(fees, func(a, b MinimumFee) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Currency, b.Currency),
			cmp.Compare(a.Rule.ID, b.Rule.ID))
	})
	return fees
}
