package billing

import (
	"cmp"
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/service"
)

// CategoryService is the category of value-added services, for accounts and tax rates.
const CategoryService = "service"

// ChargeMinimumFee is the charge type of a shortfall to a minimum fee, also on a correction of one.
const ChargeMinimumFee = "minimumFee"

// ServiceLine bills a service's charge.
func ServiceLine(c service.Charge) SellLine {
	return SellLine{c.Currency, Line{
		Kind: KindService, Category: CategoryService, Group: "Services", Description: c.Description,
		ServiceFrom: c.From, ServiceTo: c.To, Quantity: c.Quantity, Unit: cmp.Or(c.Unit, "unit"), Net: c.Net,
		Cost: c.Cost, CostCurrency: c.Currency, Retail: c.Net, ServiceID: c.ServiceID,
	}}
}

// MinimumLine bills the shortfall to a minimum fee. Category is that of the lines that count toward it. False: there is
// no shortfall.
func MinimumLine(f pricing.MinimumFee, m period.Month) (SellLine, bool) {
	if f.Shortfall.Sign() <= 0 {
		return SellLine{}, false
	}
	return SellLine{f.Currency, Line{
		Kind: KindMinimumFee, Category: cmp.Or(f.Rule.Select.ProductCategory, "minimum fee"), Group: "Minimum fee",
		Description: fmt.Sprintf("Minimum fee %s: shortfall to %s %s", m, f.Minimum, f.Currency),
		ServiceFrom: m.First(), ServiceTo: m.Last(), Quantity: money.FromInt(1), Unit: "unit",
		Net: f.Shortfall, CostCurrency: f.Currency, ChargeType: ChargeMinimumFee, RuleID: f.Rule.ID, RuleVersion: f.Rule.Version,
	}}, true
}

// AppliedExchange records a price's conversion on a line; nil for none.
func AppliedExchange(x *pricing.Exchange) *Exchange {
	if x == nil {
		return nil
	}
	return &Exchange{From: x.From, Amount: x.Amount, Rate: x.Rate, Source: x.Source, On: x.On}
}
