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
	"github.com/chandler-csp/chandler/internal/csp/usage"
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
	service []service.Charge
	missing []string // what could not be converted
}

// sell prices the month's lines and gathers everything to bill, by buyer.
func sell(runID string, m *month, ps *parties, rated []*rating.Rated, rules []pricing.Rule) *selling {
	book := pricing.NewBook(rules).WithRates(m.rateSource)
	s := &selling{
		m: m, ps: ps, runID: runID, rated: rated, rules: map[string]*pricing.Rule{}, lines: map[string][]billing.SellLine{},
		usage: map[string]map[money.Currency][]billing.UsageSummary{},
	}
	for _, r := range book.Rules() {
		s.rules[r.ID] = r
	}
	s.sold = rating.Selling{RunID: runID, Book: book, Who: ps.who, Active: func(customerID string) (active, days int) {
		if c := ps.byID[customerID]; c != nil {
			return c.DaysIn(m.period), m.period.Days()
		}
		return m.period.Days(), m.period.Days()
	}}.Sell(rated)
	s.charges()
	s.fees()
	s.services()
	return s
}

// rateSource answers rules that convert by Microsoft's rate of the month.
func (m *month) rateSource(source string, from, to money.Currency, _ period.Date) (pricing.Rate, bool) {
	f, okFrom := m.rates[from]
	t, okTo := m.rates[to]
	if !strings.EqualFold(source, "microsoft") || !okFrom || !okTo || t.IsZero() {
		return pricing.Rate{}, false
	}
	q, err := f.QuoRound(t, money.HalfUp, 9)
	return pricing.Rate{Rate: q, Source: "microsoft", On: m.period.First()}, err == nil
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
		key := cmp.Or(c.SellGroup, c.ID)
		buyer := s.ps.buyerOf(c.CustomerID, c.ResellerMpnID)
		line := s.line(s.rated[i], c, buyer)
		s.appendix(buyer, s.rated[i], c)
		if have := at[key+buyer]; have != nil {
			merge(have, line, s.title(s.rated[i], c, buyer))
			continue
		}
		at[key+buyer], owner[key+buyer] = &line, buyer
		order = append(order, key+buyer)
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
	if c := s.ps.byID[buyer]; c != nil && c.Currency != "" && c.Currency != l.Currency {
		rate, ok := s.m.rateSource("microsoft", l.Currency, c.Currency, period.Date{})
		if !ok {
			s.missing = append(s.missing, fmt.Sprintf("no exchange rate from %s to %s for %s: its lines stay in %s", l.Currency, c.Currency, c.Name, l.Currency))
		} else {
			l.Exchange = &billing.Exchange{From: l.Currency, Amount: l.Net, Rate: rate.Rate, Source: rate.Source, On: rate.On}
			l.Net, l.Currency = l.Net.Mul(rate.Rate).Round(money.HalfUp, c.Currency.MinorUnits()), c.Currency
		}
	}
	s.lines[buyer] = append(s.lines[buyer], l)
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
	if to.ChargeType != l.ChargeType {
		to.ChargeType = ""
	}
	if to.MeterID != l.MeterID {
		to.MeterID = ""
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
		Rounding: rule.RoundingIn(c.SellCurrency).String(), ChargeIDs: []string{c.ID}, Exchange: billing.AppliedExchange(c.Exchange),
	}}
	if strings.HasPrefix(c.SellGroup, "bundle|") && rule != nil && rule.Bundle != nil {
		out.Description, out.Unit = rule.Bundle.Title, "unit"
	}
	return out
}

func unitOf(r *rating.Rated) string {
	if r.Category == rating.Licence {
		return "seat"
	}
	return "unit"
}

// groupName is the heading under which an invoice shows a line.
func groupName(r *rating.Rated, rule *pricing.Rule) string {
	switch {
	case rule != nil && rule.DisplayGroup != "":
		return rule.DisplayGroup
	case r.Type == rating.ChargeCredit:
		return "Credits"
	case r.Line.Family == usage.FamilyCostRow:
		return cmp.Or(r.Line.MeterDescription, "Cloud services")
	default:
		return cmp.Or(headings[r.Category], r.Category)
	}
}

// headings are the product categories as an invoice's headings.
var headings = map[string]string{
	rating.AzurePlan: "Azure usage", rating.Licence: "Licences", rating.Reservation: "Reservations", rating.SavingsPlan: "Savings plans",
	rating.Software: "Software subscriptions", rating.Perpetual: "Software", rating.ThirdParty: "Marketplace",
}

// chargeWords say what happened, where the product alone does not.
var chargeWords = map[rating.ChargeType]string{
	rating.ChargeRenew: "renewal", rating.ChargeAddQuantity: "seats added", rating.ChargeRemoveQuantity: "seats removed",
	rating.ChargeMoveQuantity: "seats moved", rating.ChargeCancel: "cancelled", rating.ChargeConvert: "changed product",
	rating.ChargeChangeBillingPlan: "changed billing plan", rating.ChargeExtendTerm: "term extended",
}

// title names what a charge is for; on a reseller's invoice with the customer who used it.
func (s *selling) title(r *rating.Rated, c *rating.Charge, buyer string) string {
	l := r.Line
	name := cmp.Or(l.SkuName, l.ProductName, l.SubscriptionDescription, "Charge")
	if l.ProductName != "" && !strings.Contains(name, l.ProductName) && r.Category == rating.AzurePlan {
		name = l.ProductName + ", " + name
	}
	if buyer != c.CustomerID {
		name = s.ps.ref(c.CustomerID).Name + ": " + name
	}
	return name
}

// eventWords say in brackets what happened and for which part of the cycle; "" where there is nothing to say.
func eventWords(r *rating.Rated) string {
	l := r.Line
	words := chargeWords[r.Type]
	if l.Subtotal.Sign() < 0 && words != "" {
		words += ", refund of the old count"
		if r.Type == rating.ChargeCancel {
			words = "cancelled, refund"
		}
	}
	if r.Type == rating.ChargeCredit {
		words = cmp.Or(l.CreditReasonCode, "credit")
	}
	if r.Up.Share.Days != r.Up.Share.Of {
		words = strings.TrimPrefix(fmt.Sprintf("%s, %d of %d days", words, r.Up.Share.Days, r.Up.Share.Of), ", ")
	}
	if words == "" {
		return ""
	}
	return " (" + words + ")"
}

// appendix adds a metered charge to the usage appendix of its buyer.
func (s *selling) appendix(buyer string, r *rating.Rated, c *rating.Charge) {
	if r.Category != rating.AzurePlan || r.Type == rating.ChargeCredit || len(r.Usage) == 0 {
		return
	}
	g := r.Usage[0]
	if s.usage[buyer] == nil {
		s.usage[buyer] = map[money.Currency][]billing.UsageSummary{}
	}
	list := s.usage[buyer][c.SellCurrency]
	i := slices.IndexFunc(list, func(u billing.UsageSummary) bool {
		return u.Service == g.MeterCategory && u.Meter == g.MeterName && u.Unit == g.Unit
	})
	if i < 0 {
		i, list = len(list), append(list, billing.UsageSummary{Service: cmp.Or(g.MeterCategory, g.ProductName), Meter: g.MeterName, Unit: g.Unit})
	}
	list[i].Quantity, list[i].Amount = list[i].Quantity.Add(r.Line.BillableQuantity), list[i].Amount.Add(c.Sell)
	s.usage[buyer][c.SellCurrency] = list
}

// fees adds the shortfalls to minimum fees.
func (s *selling) fees() {
	for _, f := range s.sold.Fees {
		if line, due := billing.MinimumLine(f, s.m.period); due && s.ps.byID[f.Customer] != nil {
			s.add(s.buyerOfFee(f.Customer), line)
		}
	}
}

// buyerOfFee follows the customer's charges: to the reseller when all of them go there.
func (s *selling) buyerOfFee(customerID string) string {
	buyer := ""
	for i := range s.sold.Charges {
		if c := &s.sold.Charges[i]; c.CustomerID == customerID {
			b := s.ps.buyerOf(customerID, c.ResellerMpnID)
			if buyer != "" && b != buyer {
				return customerID
			}
			buyer = b
		}
	}
	return cmp.Or(buyer, customerID)
}

// services adds the partner's own services, a percentage of Azure spend among them.
func (s *selling) services() {
	spend := map[string]money.Decimal{}
	for i := range s.sold.Charges {
		if c := &s.sold.Charges[i]; c.Category == rating.AzurePlan {
			k := c.CustomerID + string(c.SellCurrency)
			spend[k] = spend[k].Add(c.Sell)
		}
	}
	s.service = service.Charges(s.ps.Services, s.m.period, func(id string, c money.Currency) money.Decimal { return spend[id+string(c)] })
	for _, c := range s.service {
		if s.ps.byID[c.CustomerID] != nil {
			s.add(c.CustomerID, billing.ServiceLine(c))
		}
	}
}
