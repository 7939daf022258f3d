package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

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
	s := &selling{m: m, ps: ps, runID: runID, rated: rated, rules: map[string]*pricing.Rule{}, lines: map[string][]billing.SellLine{},
		usage: map[string]map[money.Currency][]billing.UsageSummary{}}
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

// documents drafts every buyer's documents of the period.
func (s *selling) documents(logo []byte, by string, now time.Time) (drafts []billing.Invoice, balances []billing.Balance, problems []string) {
	problems = append(problems, s.missing...)
	buyers := map[string]bool{}
	for b := range s.lines {
		buyers[b] = true
	}
	for _, b := range s.ps.Balances {
		buyers[b.CustomerID] = true
	}
	for _, inv := range s.ps.Issued {
		buyers[inv.CustomerID] = true
	}
	list := make([]string, 0, len(buyers))
	for b := range buyers {
		list = append(list, b)
	}
	slices.Sort(list)
	for _, id := range list {
		d := billing.Draft(s.input(id, logo, by, now))
		drafts, balances = append(drafts, d.Invoices...), append(balances, d.Balances...)
		for _, p := range d.Problems {
			problems = append(problems, fmt.Sprintf("%s: %s: %s", s.ps.ref(p.CustomerID).Name, p.Field.Place, p.Field.Detail))
		}
		drafts = append(drafts, s.correctByDocument(id, by, now)...)
	}
	return drafts, balances, problems
}

// input is what one buyer's drafts are made of. Where documents of the period are issued already, only what changed
// since is drafted, as corrections.
func (s *selling) input(buyer string, logo []byte, by string, now time.Time) billing.DraftInput {
	in := billing.DraftInput{Seller: s.ps.Seller, Logo: logo, Buyer: s.ps.buyer(buyer), Period: s.m.period, RunID: s.runID, Estimate: s.m.estimate,
		By: by, Now: now, Lines: s.lines[buyer], Usage: s.usage[buyer]}
	for _, b := range s.ps.Balances {
		if b.CustomerID == buyer {
			in.Carried = append(in.Carried, b)
		}
	}
	if issued := s.issuedTo(buyer); len(issued) > 0 {
		in.Lines, in.Usage = s.corrections(buyer, issued), nil
	}
	return in
}

func (s *selling) issuedTo(buyer string) []billing.Invoice {
	var out []billing.Invoice
	for _, inv := range s.ps.Issued {
		if inv.CustomerID == buyer {
			out = append(out, inv)
		}
	}
	return out
}

// corrections are the differences to what was issued, in every currency; by policy, those that a credit note takes
// back are left to correctByDocument.
func (s *selling) corrections(buyer string, issued []billing.Invoice) []billing.SellLine {
	var out []billing.SellLine
	for _, c := range s.currencies(buyer, issued) {
		lines := billing.Compare(issued, s.lines[buyer], s.m.period, c)
		if s.ps.Seller.Correction == billing.CorrectCreditNote && total(lines).Sign() < 0 {
			continue
		}
		out = append(out, lines...)
	}
	return out
}

func (s *selling) currencies(buyer string, issued []billing.Invoice) []money.Currency {
	var out []money.Currency
	for _, inv := range issued {
		out = append(out, inv.Currency)
	}
	for _, l := range s.lines[buyer] {
		out = append(out, l.Currency)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func total(lines []billing.SellLine) money.Decimal {
	var sum money.Decimal
	for i := range lines {
		sum = sum.Add(lines[i].Net)
	}
	return sum
}

// correctByDocument drafts the credit notes that the seller's policy asks for in place of correction lines.
func (s *selling) correctByDocument(buyer, by string, now time.Time) []billing.Invoice {
	issued := s.issuedTo(buyer)
	if s.ps.Seller.Correction != billing.CorrectCreditNote || len(issued) == 0 {
		return nil
	}
	var out []billing.Invoice
	for _, c := range s.currencies(buyer, issued) {
		lines := billing.Compare(issued, s.lines[buyer], s.m.period, c)
		if total(lines).Sign() >= 0 {
			continue
		}
		for _, original := range issued {
			if original.Type == billing.TypeInvoice && original.Currency == c {
				if note, ok := billing.CorrectByDocument(original, lines, s.runID, by, now); ok {
					out = append(out, note)
				}
				break
			}
		}
	}
	return out
}
