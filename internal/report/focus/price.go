package focus

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// exactScale is the most decimals that a unit price gets to reproduce the net amount.
const exactScale = 12

// price is how a charge came about. quantity x unitPrice is the net amount to the last digit.
type price struct {
	category         string
	quantity         money.Decimal // negative on a refund
	unit             string
	unitPrice        money.Decimal // never negative
	pricingUnitPrice money.Decimal // in the pricing currency
	skuID            string
	meter            string
}

func priceOf(l *billing.Line, rate money.Decimal) *price {
	p := &price{category: pricingCategory(l), unit: unit(l.Unit), skuID: skuOf(l)}
	p.quantity, p.unitPrice = l.Quantity, money.Zero
	if !l.Net.IsZero() && !exactPrice(p, l) {
		// the rule rounded the amount, so that no unit price gives it: one charge at the amount itself
		p.quantity, p.unitPrice, p.unit = money.FromInt(int64(l.Net.Sign())), l.Net.Abs(), "Charges"
	}
	p.pricingUnitPrice = converted(p.unitPrice, rate)
	p.meter = words(l.MeterID, p.unit)
	return p
}

// exactPrice sets a unit price that gives the net amount exactly: the line's own, else the quotient where it ends.
func exactPrice(p *price, l *billing.Line) bool {
	if l.Quantity.IsZero() || l.Quantity.Sign() != l.Net.Sign() {
		return false
	}
	quotient, err := l.Net.QuoRound(l.Quantity, money.HalfUp, exactScale)
	if err != nil {
		return false
	}
	for _, u := range []money.Decimal{l.UnitPrice, quotient} {
		if u.Sign() > 0 && u.MulExact(l.Quantity).Equal(l.Net) {
			p.unitPrice = u
			return true
		}
	}
	return false
}

// converted is an amount in the currency that it was priced in, where rate is billing currency per unit of that.
func converted(a, rate money.Decimal) money.Decimal {
	if rate.Equal(money.FromInt(1)) {
		return a
	}
	b, err := a.QuoRound(rate, money.HalfUp, exactScale)
	if err != nil {
		return a // the rate is above zero here
	}
	return b
}

// skuOf names what was bought: Microsoft's product and SKU, a meter, a service of the partner's, or what it is called.
func skuOf(l *billing.Line) string {
	product, sku := words(l.ProductID), words(l.SkuID)
	if product != "" && sku != "" {
		return product + ":" + sku
	}
	return words(product, sku, l.MeterID, l.ServiceID, l.Description, l.Group, l.Category, string(l.Kind))
}
