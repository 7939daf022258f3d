package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/service"
)

// selling is a month's sell side on its way to documents.
type selling struct {
	m       *month
	ps      *parties
	runID   string
	rated   []*rating.Rated
	sold    rating.Sold
	rules   map[string]*pricing.Rule
	lines   map[string][]billing.SellLine // by buyer
	usage   map[string]map[money.Currency][]billing.UsageSummary
	meters  map[meterOf]int // place of a meter in its buyer's usage
	service []service.Charge
	missing []string // what could not be converted
}

// sell prices the month's lines and gathers everything to bill, by buyer.
func sell(runID string, m *month, ps *parties, rated []*rating.Rated, rules []pricing.Rule) *selling {
	book := pricing.NewBook(rules).WithRates(m.rateSource)
	s := &selling{
		m: m, ps: ps, runID: runID, rated: rated, rules: map[string]*pricing.Rule{}, lines: map[string][]billing.SellLine{},
		usage: map[string]map[money.Currency][]billing.UsageSummary{}, meters: map[meterOf]int{},
	}
	for _, r := range book.Rules() {
		s.rules[r.ID] = r
	}
	s.sold = rating.Selling{RunID: runID, Book: book, Who: ps.who, Active: func(customerID string) (active, days int) {
		return ps.daysIn(customerID, m.period)
	}}.Sell(rated)
	s.charges()
	s.fees()
	s.services()
	return s
}

// rateSource answers rules that convert by Microsoft's rate of the month.
func (m *month) rateSource(source string, from, to money.Currency, _ period.Date) (pricing.Rate, bool) {
	f, okFrom := m.dollars(from)
	t, okTo := m.dollars(to)
	if !strings.EqualFold(source, "microsoft") || !okFrom || !okTo {
		return pricing.Rate{}, false
	}
	q, err := f.QuoRound(t, money.HalfUp, 9)
	return pricing.Rate{Rate: q, Source: "microsoft", On: m.period.First()}, err == nil
}

// dollars are the US dollars for one unit of a currency; a dollar is one whether the month's file lists it or not.
func (m *month) dollars(c money.Currency) (money.Decimal, bool) {
	rate, ok := m.rates[c]
	if !ok && c == "USD" && len(m.rates) > 0 {
		return money.FromInt(1), true
	}
	return rate, ok
}

// charges makes one invoice line for each charge, or for each group of charges that is rounded together.
func (s *selling) charges() {
	at := map[string]*billing.SellLine{}
	owner := map[string]string{}
	var order []string
	for i := range s.sold.Charges {
		c := &s.sold.Charges[i]
		if c.CustomerID == "" || s.notBilled(c.CustomerID) {
			continue
		}
		buyer := s.ps.buyerOf(c.CustomerID, c.ResellerMpnID)
		key := cmp.Or(c.SellGroup, c.ID) + "|" + s.rated[i].Category + "|" + buyer // a line has one tax
		line := s.line(s.rated[i], c, buyer)
		s.appendix(buyer, s.rated[i], c)
		if have := at[key]; have != nil {
			merge(have, line, s.title(s.rated[i], c, buyer))
			continue
		}
		at[key], owner[key] = &line, buyer
		order = append(order, key)
	}
	for _, key := range order {
		s.add(owner[key], *at[key])
	}
}

func (s *selling) notBilled(customerID string) bool {
	c := s.ps.byID[customerID]
	return c == nil || c.NotBilled != ""
}

// add puts a line on the buyer's account, in the currency that the buyer is invoiced in.
func (s *selling) add(buyer string, l billing.SellLine) {
	if to, rate, ok := s.invoiced(buyer, l.Currency); ok {
		l.Exchange = &billing.Exchange{From: l.Currency, Amount: l.Net, Rate: rate.Rate, Source: rate.Source, On: rate.On}
		l.Net, l.Currency = l.Net.Mul(rate.Rate).Round(money.HalfUp, to.MinorUnits()), to
	}
	s.lines[buyer] = append(s.lines[buyer], l)
}

// invoiced is the currency that a buyer is invoiced in where that is another one, with the rate to it; false: nothing to
// convert, or no rate for it.
func (s *selling) invoiced(buyer string, from money.Currency) (money.Currency, pricing.Rate, bool) {
	c := s.ps.byID[buyer]
	if c == nil || c.Currency == "" || c.Currency == from {
		return from, pricing.Rate{}, false
	}
	rate, ok := s.m.rateSource("microsoft", from, c.Currency, period.Date{})
	if !ok {
		s.lacks(fmt.Sprintf("no exchange rate from %s to %s for %s: its lines stay in %s", from, c.Currency, c.Name, from))
		return from, rate, false
	}
	return c.Currency, rate, true
}

// lacks notes once what could not be converted.
func (s *selling) lacks(what string) {
	if !slices.Contains(s.missing, what) {
		s.missing = append(s.missing, what)
	}
}

// merge adds a charge to the line of its group. Charges that happened for several reasons go by their product alone.
func merge(to *billing.SellLine, l billing.SellLine, title string) {
	if to.Description != l.Description {
		to.Description = title
	}
	to.Net, to.Cost, to.Retail, to.Quantity = to.Net.Add(l.Net), to.Cost.Add(l.Cost), to.Retail.Add(l.Retail), to.Quantity.Add(l.Quantity)
	to.ChargeIDs = append(to.ChargeIDs, l.ChargeIDs...)
	if l.ServiceFrom.Before(to.ServiceFrom) {
		to.ServiceFrom = l.ServiceFrom
	}
	if l.ServiceTo.After(to.ServiceTo) {
		to.ServiceTo = l.ServiceTo
	}
	for _, f := range []struct {
		to *string
		of string
	}{
		{&to.ChargeType, l.ChargeType},
		{&to.MeterID, l.MeterID},
		{&to.SubscriptionID, l.SubscriptionID},
		{&to.ProductID, l.ProductID},
		{&to.SkuID, l.SkuID},
		{&to.ResellerMpnID, l.ResellerMpnID},
	} {
		if *f.to != f.of {
			*f.to = ""
		}
	}
}

// line is a charge as an invoice shows it.
func (s *selling) line(r *rating.Rated, c *rating.Charge, buyer string) billing.SellLine {
	l := r.Line
	from, to := c.From, c.To
	if from.IsZero() {
		from = cmp.Or(l.OrderDate, s.m.period.First())
	}
	if to.IsZero() {
		to = from
	}
	rule := s.rules[c.RuleID]
	out := billing.SellLine{Currency: c.SellCurrency, Line: billing.Line{
		Kind: billing.KindCharge, Category: r.Category, Group: groupName(r, rule), Description: s.title(r, c, buyer) + eventWords(r), ServiceFrom: from, ServiceTo: to,
		Quantity: c.Quantity, Unit: cmp.Or(l.UnitType, unitOf(r)), Net: c.Sell, Cost: c.Cost, CostCurrency: c.Currency,
		Retail: c.Retail.Round(money.HalfUp, 12), SubscriptionID: c.SubscriptionID, ProductID: c.ProductID, SkuID: c.SkuID, MeterID: c.MeterID,
		ChargeType: c.ChargeType, ResellerMpnID: c.ResellerMpnID, RuleID: c.RuleID, RuleVersion: c.RuleVersion,
		Rounding: rule.RoundingIn(c.SellCurrency).String(), ChargeIDs: []string{c.ID}, CustomerID: s.otherThan(buyer, c.CustomerID), Grouped: c.SellGroup != "", Exchange: billing.AppliedExchange(c.Exchange),
	}}
	if strings.HasPrefix(c.SellGroup, "bundle|") && rule != nil && rule.Bundle != nil {
		out.Description, out.Unit = s.forBuyer(buyer, c.CustomerID, rule.Bundle.Title), "unit"
	}
	return out
}
