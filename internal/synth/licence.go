package synth

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// The terms and plans of the licence sheet.
const (
	termMonth   = "P1M"
	termYear    = "P1Y"
	planMonthly = "Monthly"
	planAnnual  = "Annual"
	planNone    = "None" // trials
)

// term is a commitment and how it is paid.
type term struct{ duration, plan string }

// The three ways to buy a seat.
var (
	monthByMonth  = term{termMonth, planMonthly}
	yearByMonth   = term{termYear, planMonthly}
	yearAtOnce    = term{termYear, planAnnual}
	terms         = []term{yearAtOnce, yearByMonth, monthByMonth}
	segments      = []string{commercial, education, charity, government}
	segmentFactor = map[string]money.Decimal{
		commercial: one, government: one, education: money.MustParse("0.4"), charity: money.MustParse("0.5"),
	}
)

// text is the term as lines write it; the vocabulary is not fixed (A5).
func (t term) text(odd bool) string {
	switch {
	case t == monthByMonth:
		return "One-month commitment for monthly billing"
	case t == yearAtOnce:
		return "One-year commitment for yearly billing"
	case odd:
		return "One-Year commitment for monthly billing"
	default:
		return "One-year commitment for monthly billing"
	}
}

// offer is a licence product.
type offer struct {
	title, productID, skuID, description string
	euros                                string // a seat's year, paid at once
	margin                               int64  // percent of ERP
	trial                                bool   // has a free trial SKU
	raised                               bool   // its price rose three months before the period
}

// trialSKU is the SKU of an offer's trial.
const trialSKU = "0002"

// offers is the catalogue. Names are those of products that exist; ids and prices are invented.
func offers() []*offer {
	return []*offer{
		{title: "Microsoft 365 Business Premium", productID: "CFQ7TTC0SYN1", skuID: "0001", description: "Office, e-mail and device management, for up to 300 users", euros: "193.2", margin: 20, trial: true},
		{title: "Microsoft 365 E3 (no Teams)", productID: "CFQ7TTC0SYN2", skuID: "000K", description: "Office and security", euros: "399.6", margin: 20, raised: true},
		{title: "Exchange Online (Plan 1)", productID: "CFQ7TTC0SYN3", skuID: "0004", description: "E-mail", euros: "40.8", margin: 25},
		{title: "Power BI Pro", productID: "CFQ7TTC0SYN4", skuID: "0012", description: "Reports, shared", euros: "100.8", margin: 20},
		// Its month of the year is not a whole number of cents (D10, G18).
		{title: "Visio Plan 2", productID: "CFQ7TTC0SYN5", skuID: "0018", description: "Diagrams, with data", euros: "163.29", margin: 30},
		{title: "Dynamics 365 Sales Enterprise", productID: "CFQ7TTC0SYN6", skuID: "001C", description: "Leads, offers, orders", euros: "1011.6", margin: 20},
	}
}

// licencePrice is a price of a term with its list price.
type licencePrice struct{ net, erp money.Decimal }

// licenceRow is a row of the new-commerce sheet (A2).
type licenceRow struct {
	offer    *offer
	term     term
	currency money.Currency
	segment  string
	price    licencePrice
	from, to period.Date // to zero: open
}

// licenceSheet is what seats cost in the two currencies of a month.
type licenceSheet struct {
	offers []*offer
	rows   []licenceRow
}

func newLicenceSheet(r *random, c Config) *licenceSheet {
	s := &licenceSheet{offers: offers()}
	raisedOn := c.Period.Add(-3).First()
	for _, o := range s.offers {
		factor := money.New(int64(r.between(90, 110)), -2)
		for _, currency := range c.Currencies {
			year := cut(money.MustParse(o.euros).MulExact(factor).MulExact(markets[currency].seats), 2)
			for _, segment := range segments {
				y := cut(year.MulExact(segmentFactor[segment]), 2)
				if o.raised {
					old := cut(percentOf(y, money.FromInt(85)), 2)
					s.add(o, currency, segment, old, licencesAlways, raisedOn.AddDays(-1))
					s.add(o, currency, segment, y, raisedOn, period.Date{})
					continue
				}
				s.add(o, currency, segment, y, licencesAlways, period.Date{})
			}
		}
	}
	return s
}

// licencesAlways is the day on which the licence sheet's prices begin.
var licencesAlways = period.NewDate(2020, 1, 1)

// add lists the three terms: paid by the month a year costs 5 % more, month by month 20 % more (A2).
func (s *licenceSheet) add(o *offer, currency money.Currency, segment string, year money.Decimal, from, to period.Date) {
	for _, t := range terms {
		net := year
		switch t {
		case yearByMonth:
			net = cut(percentOf(year, money.FromInt(105)), 2)
		case monthByMonth:
			net = cut(percentOf(year, money.FromInt(10)), 2)
		}
		erp := quotient(net.MulExact(hundred), money.FromInt(100-o.margin))
		s.rows = append(s.rows, licenceRow{o, t, currency, segment, licencePrice{net, cut(erp, 2)}, from, to})
	}
}

// on is the price of one billing period of a term that starts on a day (D09, D10).
func (s *licenceSheet) on(o *offer, t term, currency money.Currency, segment string, start period.Date) licencePrice {
	for _, row := range s.rows {
		if row.offer == o && row.term == t && row.currency == currency && row.segment == segment &&
			!start.Before(row.from) && (row.to.IsZero() || !start.After(row.to)) {
			if t == yearByMonth {
				return licencePrice{monthOf(row.price.net), monthOf(row.price.erp)}
			}
			return row.price
		}
	}
	return licencePrice{}
}

// monthOf is a twelfth of a year's price, half-up to cents (B1, D10).
func monthOf(year money.Decimal) money.Decimal {
	q, _ := year.QuoRound(money.FromInt(12), money.HalfUp, 2)
	return q
}
