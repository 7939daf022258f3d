package synth

import (
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// builder makes a month, part by part. Parts draw from streams of their own, so that one more row here does not change
// everything there.
type builder struct {
	Config
	rates     monthRates
	meters    []*meter
	licences  *licenceSheet
	invoices  [2]*invoice
	customers []*customer
	plans     []*plan
	usage     []*usageRow
	charged   map[bucket]money.Decimal // what the lines of a bucket sum to
	counts    map[Seats]int64          // seats now, by a licence without its count
	prices    *random
	people    *random
	azure     *random
	seats     *random
	ids       *random
}

func newBuilder(c Config) *builder {
	b := &builder{
		Config: c, meters: meters(), charged: map[bucket]money.Decimal{}, counts: map[Seats]int64{}, prices: newRandom(c.Seed, 2), people: newRandom(c.Seed, 3),
		azure: newRandom(c.Seed, 4), seats: newRandom(c.Seed, 5), ids: newRandom(c.Seed, 6),
	}
	b.rates = newRates(b.prices)
	for _, m := range b.meters {
		m.price(b.prices, c)
	}
	b.licences = newLicenceSheet(b.prices, c)
	for i, currency := range c.Currencies {
		b.invoices[i] = newInvoice(b.ids, c, currency, b.rates[currency])
	}
	return b
}

// build makes everything, in the order in which one part needs another.
func (b *builder) build() {
	second := max(1, b.Customers/3)
	for n := range b.Customers {
		home, nth := 0, n
		if n >= b.Customers-second {
			home, nth = 1, n-(b.Customers-second)
		}
		b.customers = append(b.customers, newCustomer(b.people, b.Config, home, nth))
	}
	for i, k := range b.customers {
		b.azurePlans(k, i == 0 || i == len(b.customers)-1)
		b.subscriptions(k)
	}
	b.secondCurrency()
	b.meteredLines()
	b.commitments()
	b.oneTime()
	b.credits()
	for _, inv := range b.invoices {
		inv.close(b.ids)
	}
}

// azurePlans gives a customer its Azure plan, at times two. The first and the last customer of a month have one with
// everything in it.
func (b *builder) azurePlans(k *customer, full bool) {
	if !full && b.azure.chance(10) {
		return // licences alone
	}
	n := 1
	if b.azure.chance(20) {
		n = 2
	}
	for range n {
		p := newPlan(b.azure, b.Config, k, b.invoices[k.home])
		b.plans = append(b.plans, p)
		b.planUsage(p, full)
		full = false
	}
}

// featureOf is what a meter belongs to; a plain one belongs to none.
func featureOf(s special) Feature {
	switch s {
	case changing:
		return PriceChange
	case tiered, freeFirst:
		return Tiers
	case covered:
		return SavingsPlan
	case reserved:
		return Reservation
	case credited:
		return Credits
	case spot, thirdParty, marketplace:
		return ThirdParty
	case tiny:
		return TinyUsage
	default:
		return 0
	}
}

// planUsage draws the plan's meters and makes their rows.
func (b *builder) planUsage(p *plan, full bool) {
	var chosen, others []*meter
	for _, m := range b.meters {
		switch f := featureOf(m.special); {
		case m.special == changing:
			chosen = append(chosen, m) // every plan runs a machine
		case f == 0:
			others = append(others, m)
		case b.has(f) && (full || b.azure.chance(35)):
			chosen = append(chosen, m)
		}
	}
	b.azure.Shuffle(len(others), func(i, j int) { others[i], others[j] = others[j], others[i] })
	chosen = append(chosen, others[:min(len(others), b.Meters)]...)
	for _, m := range chosen {
		b.meterUsage(p, m)
	}
	if b.has(LateUsage) && (full || b.azure.chance(40)) {
		b.lateUsage(p)
	}
	if b.has(TinyUsage) {
		b.oddRows(p)
	}
}

// secondCurrency puts licences of a customer of the first invoice on the second as well.
func (b *builder) secondCurrency() {
	if b.has(SecondCurrency) {
		k := b.customers[0]
		b.customerSubscriptions(k, b.invoices[1], max(1, b.Licences-1))
	}
}

// rowsOf are the usage rows of an invoice.
func (b *builder) rowsOf(inv *invoice) []*usageRow {
	rows := slices.Clone(b.usage)
	return slices.DeleteFunc(rows, func(u *usageRow) bool { return u.plan.invoice != inv })
}
