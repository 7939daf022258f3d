package billing

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
)

// unitPriceScale is how many decimals a shown unit price has at most.
const unitPriceScale = 10

// prepare checks a line on its way into a draft and gives it its unit price.
func prepare(l SellLine, in DraftInput) (Line, []Problem) {
	var problems []Problem
	report := func(code errs.Code, format string, args ...any) {
		problems = append(problems, Problem{in.Buyer.CustomerID, l.Currency, errs.Field{
			Place: l.place(), Code: code, Detail: fmt.Sprintf(format, args...),
		}})
	}
	line := l.Line
	if rounded := line.Net.Round(money.HalfUp, l.Currency.MinorUnits()); !rounded.Equal(line.Net) {
		report("line.not_rounded", "%s has more decimals than %s knows; billed as %s", line.Net, l.Currency, rounded)
		line.Net = rounded
	}
	if line.ServiceTo.Before(line.ServiceFrom) && !line.ServiceTo.IsZero() {
		report("line.service_period", "service ends %s, before it begins %s", line.ServiceTo, line.ServiceFrom)
		line.ServiceFrom, line.ServiceTo = line.ServiceTo, line.ServiceFrom
	}
	if line.ServiceFrom.IsZero() {
		line.ServiceFrom = in.Period.First()
	}
	if line.ServiceTo.IsZero() {
		line.ServiceTo = in.Period.Last()
		if line.ServiceTo.Before(line.ServiceFrom) {
			line.ServiceTo = line.ServiceFrom
		}
	}
	if line.Description == "" {
		report("line.no_description", "a line of %s has no description", line.Net)
	}
	line.present(l.Currency)
	return line, problems
}

// place names a line before it has a number.
func (l *SellLine) place() string {
	if len(l.ChargeIDs) > 0 {
		return l.ChargeIDs[0]
	}
	return l.Description
}

// present makes quantity and unit price fit the net amount: a price is never negative (BR-27), so a credit has a
// negative quantity. The unit price is for reading; net is never computed from it.
func (l *Line) present(c money.Currency) {
	l.Net = exactly(l.Net, c)
	switch {
	case l.Net.IsZero():
		l.UnitPrice = money.Zero
		return
	case l.Quantity.IsZero():
		l.Quantity = money.FromInt(int64(l.Net.Sign()))
	case l.Quantity.Sign() != l.Net.Sign():
		l.Quantity = l.Quantity.Neg()
	}
	price, _ := l.Net.QuoRound(l.Quantity, money.HalfUp, unitPriceScale) // the quantity is not 0 here
	l.UnitPrice = money.MustParse(price.Plain())
	if price.Scale() < c.MinorUnits() {
		l.UnitPrice = exactly(price, c)
	}
}
