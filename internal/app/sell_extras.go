package app

import (
	"fmt"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/service"
)

// fees adds the shortfalls to minimum fees.
func (s *selling) fees() {
	if len(s.sold.Fees) == 0 {
		return
	}
	buyers := s.buyersOfFees()
	for _, f := range s.sold.Fees {
		line, due := billing.MinimumLine(f, s.m.period)
		if !due || s.notBilled(f.Customer) {
			continue
		}
		buyer := buyers[f.Customer]
		line.Description = s.forBuyer(buyer, f.Customer, line.Description)
		line.CustomerID = s.otherThan(buyer, f.Customer)
		s.add(buyer, line)
	}
}

// buyersOfFees follows each customer's charges: to the reseller when all of them go there.
func (s *selling) buyersOfFees() map[string]string {
	buyers := map[string]string{}
	for i := range s.sold.Charges {
		c := &s.sold.Charges[i]
		b := s.ps.buyerOf(c.CustomerID, c.ResellerMpnID)
		if other, ok := buyers[c.CustomerID]; ok && other != b {
			b = c.CustomerID
		}
		buyers[c.CustomerID] = b
	}
	return buyers
}

// services adds the partner's own services, a percentage of Azure spend among them.
func (s *selling) services() {
	spend := azureSpend(s.sold.Charges)
	list := service.Charges(s.ps.Services, s.m.period, func(customerID string, c money.Currency) service.Spending {
		sum, missing := s.m.spending(spend[customerID], c)
		for _, from := range missing {
			s.lacks(fmt.Sprintf("no exchange rate from %s to %s: the Azure spend of %s in %s is not in its service fee", from, c, s.ps.ref(customerID).Name, from))
		}
		return sum
	})
	for _, c := range list {
		if !s.notBilled(c.CustomerID) {
			s.service = append(s.service, c)
			s.add(c.CustomerID, billing.ServiceLine(c))
		}
	}
}

// azureSpend is what customers pay for Azure plan lines, by customer and currency: at sell prices, credits taken off,
// whoever is billed for it.
func azureSpend(charges []rating.Charge) map[string]map[money.Currency]money.Decimal {
	spend := map[string]map[money.Currency]money.Decimal{}
	for i := range charges {
		c := &charges[i]
		if c.Category != rating.AzurePlan {
			continue
		}
		if spend[c.CustomerID] == nil {
			spend[c.CustomerID] = map[money.Currency]money.Decimal{}
		}
		spend[c.CustomerID][c.SellCurrency] = spend[c.CustomerID][c.SellCurrency].Add(c.Sell)
	}
	return spend
}

// spending adds up what was spent in several currencies, at the month's rates. Missing are those that no rate converts.
func (m *month) spending(spent map[money.Currency]money.Decimal, to money.Currency) (sum service.Spending, missing []money.Currency) {
	for _, from := range slices.Sorted(maps.Keys(spent)) {
		amount := spent[from]
		if from == to {
			sum.Add(amount, fmt.Sprintf("Azure spend %s", inCurrency(amount, to)))
			continue
		}
		rate, ok := m.rateSource("microsoft", from, to, period.Date{})
		if !ok {
			missing = append(missing, from)
			continue
		}
		sum.Add(amount.Mul(rate.Rate), fmt.Sprintf("Azure spend %s x %s (%s, %s)", inCurrency(amount, from), rate.Rate.Plain(), rate.Source, rate.On))
	}
	return sum, missing
}
