package synth

import "github.com/chandler-csp/chandler/internal/core/money"

// oneTime sells what is neither metered nor a licence: perpetual software, a software subscription, and a marketplace
// subscription. None of them is in a price sheet of the month (D18).
func (b *builder) oneTime() {
	if !b.has(OneTime) {
		return
	}
	for _, inv := range b.invoices {
		b.perpetual(inv, b.someCustomer(inv))
		b.softwareSubscription(inv, b.someCustomer(inv))
		b.marketplaceSubscription(inv, b.someCustomer(inv))
	}
}

// someCustomer is one that the invoice is for.
func (b *builder) someCustomer(inv *invoice) *customer {
	var own []*customer
	for _, k := range b.customers {
		if b.invoices[k.home] == inv {
			own = append(own, k)
		}
	}
	return pick(b.seats, own)
}

// euros is an invented price in the invoice's currency, about so many euros.
func (b *builder) euros(inv *invoice, low, high int64) money.Decimal {
	return cut(b.seats.decimal(low, high, 2).MulExact(inv.market.seats), 2)
}

// perpetual has neither a term nor an end (A3).
func (b *builder) perpetual(inv *invoice, k *customer) {
	l := b.newLine(inv, k, k.reseller, b.seats.day(b.Period, 1, 28))
	l.kind, l.chargeType, l.publisher = kindPerpetual, "new", microsoft
	l.productID, l.skuID, l.productName, l.skuName = "DG7GMGF0FLR2", "0002", "Windows Server 2025 - 8 core", "Windows Server 2025 Standard - 8 core"
	l.chargeStart = l.orderDate
	l.pieces(b.euros(inv, 700, 1100), int64(b.seats.between(1, 4)))
}

func (b *builder) softwareSubscription(inv *invoice, k *customer) {
	l := b.newLine(inv, k, k.reseller, b.seats.day(b.Period, 1, 28))
	l.kind, l.chargeType, l.publisher = kindSoftware, "new", microsoft
	l.productID, l.skuID, l.productName, l.skuName = "DG7GMGF0D7HX", "0009", "SQL Server Standard - 2 core", "SQL Server Standard - 1 year"
	l.subscriptionDescription, l.subscriptionID = l.productName, b.ids.guid()
	l.term = "1 Year Subscription"
	l.chargeStart, l.chargeEnd = l.orderDate, l.orderDate.AddMonths(12).AddDays(-1)
	l.pieces(b.euros(inv, 1200, 1500), int64(b.seats.between(1, 3)))
}

func (b *builder) marketplaceSubscription(inv *invoice, k *customer) {
	l := b.newLine(inv, k, k.reseller, b.seats.day(b.Period, 1, 28))
	l.kind, l.chargeType = kindThirdParty, "new"
	l.publisher, l.publisherID = "Palisade Networks, Inc.", "21223810"
	l.productID, l.skuID, l.productName, l.skuName = "DZH318Z0SAAS", "0003", "Palisade WAF-as-a-Service", "Palisade WaaS - Medium Plan"
	l.subscriptionDescription, l.subscriptionID = l.productName, b.ids.guid()
	l.term, l.frequency = "1 Month Subscription", "Monthly"
	l.chargeStart, l.chargeEnd = l.orderDate, l.orderDate.AddMonths(1).AddDays(-1)
	l.pieces(b.euros(inv, 5, 90), int64(b.seats.between(1, 5)))
}
