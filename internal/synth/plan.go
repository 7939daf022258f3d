package synth

import "github.com/chandler-csp/chandler/internal/core/period"

// plan is an Azure plan: what tiers accumulate over and what lines name.
type plan struct {
	id           string
	customer     *customer
	invoice      *invoice
	reseller     string
	entitlements []entitlement
	access       access
	savings      *savingsPlan
	reservation  *reservation
}

// entitlement is an Azure subscription below a plan. Its partner may have lost access to it alone.
type entitlement struct {
	id, name string
	access   access
}

// access is when the partner manages what it sells, and so earns credit: on no day, on every day, or on every day but
// a span (B3).
type access struct {
	never      bool
	from, till period.Date // no access on these days, both inclusive; zero: always
}

func (a access) on(d period.Date) bool {
	return !a.never && (a.from.IsZero() || d.Before(a.from) || d.After(a.till))
}

// newAccess draws when the partner earns credit in a month.
func newAccess(r *random, c Config) access {
	if !c.has(PECChanges) {
		return access{never: r.chance(10)}
	}
	first, last := c.Period.First(), c.Period.Last()
	switch r.IntN(5) {
	case 0: // lost for some days, as in the documentation's example
		from := r.day(c.Period, 3, 20)
		return access{from: from, till: from.AddDays(r.between(0, 5))}
	case 1: // gained
		return access{from: first.AddDays(-40), till: r.day(c.Period, 2, 26)}
	case 2: // lost for good
		return access{from: r.day(c.Period, 3, 28), till: last}
	case 3:
		return access{never: r.chance(30)}
	default:
		return access{}
	}
}

var entitlementNames = []string{"Production", "Dev/Test", "Hub network", "Data platform", "Sandbox"}

func newPlan(r *random, c Config, k *customer, inv *invoice) *plan {
	p := &plan{id: r.guid(), customer: k, invoice: inv, reseller: k.reseller, access: newAccess(r, c)}
	if c.has(Resellers) && r.chance(20) { // the reseller of record belongs to the subscription
		p.reseller = pick(r, resellers)
	}
	for i := range r.between(1, 3) {
		e := entitlement{id: r.guid(), name: entitlementNames[i]}
		if c.has(PECChanges) && r.chance(20) {
			e.access = newAccess(r, c)
		}
		p.entitlements = append(p.entitlements, e)
	}
	return p
}

// earns says whether usage of the meter earns credit on a day. On a meter with tiers all of a plan's usage of a day
// does or does not, so that a day has one price (D04).
func (p *plan) earns(m *meter, e *entitlement, d period.Date) bool {
	return m.earnsPEC() && p.access.on(d) && (m.accumulates() || e.access.on(d))
}
