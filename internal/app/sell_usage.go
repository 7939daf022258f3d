package app

import (
	"cmp"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
)

// meterOf tells a row of a buyer's usage appendix.
type meterOf struct {
	buyer                string
	currency             money.Currency
	service, meter, unit string
}

// appendix adds a metered charge to the usage appendix of its buyer, in the currency of the invoice.
func (s *selling) appendix(buyer string, r *rating.Rated, c *rating.Charge) {
	if r.Category != rating.AzurePlan || r.Type == rating.ChargeCredit || len(r.Usage) == 0 {
		return
	}
	amount, currency := c.Sell, c.SellCurrency
	if to, rate, ok := s.invoiced(buyer, currency); ok {
		amount, currency = amount.Mul(rate.Rate).Round(money.HalfUp, to.MinorUnits()), to
	}
	if s.usage[buyer] == nil {
		s.usage[buyer] = map[money.Currency][]billing.UsageSummary{}
	}
	g, list := r.Usage[0], s.usage[buyer][currency]
	key := meterOf{buyer, currency, cmp.Or(g.MeterCategory, g.ProductName), g.MeterName, g.Unit}
	i, known := s.meters[key]
	if !known {
		i, list = len(list), append(list, billing.UsageSummary{Service: key.service, Meter: key.meter, Unit: key.unit})
		s.meters[key] = i
	}
	list[i].Quantity, list[i].Amount = list[i].Quantity.Add(r.Line.BillableQuantity), list[i].Amount.Add(amount)
	s.usage[buyer][currency] = list
}
