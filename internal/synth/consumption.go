package synth

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// running is a resource and the days of the month on which it runs.
type running struct {
	entitlement *entitlement
	resource    resource
	from, till  int
	quiet       bool // uses next to nothing
}

// running draws a meter's resources.
func (b *builder) running(p *plan, m *meter) []running {
	n := 1
	if m.use == hours && b.azure.chance(25) || m.use == burst && b.azure.chance(50) {
		n = 2
	}
	list := make([]running, 0, n)
	for i := range n {
		run := running{entitlement: &p.entitlements[b.azure.IntN(len(p.entitlements))], resource: m.newResource(b.azure, i), from: 1, till: b.Period.Days()}
		if b.azure.chance(20) {
			run.from = b.azure.between(2, 9)
		}
		if b.azure.chance(10) {
			run.till = b.azure.between(18, 26)
		}
		if b.has(RareCases) && b.azure.chance(20) {
			run.quiet, run.till = true, run.from+b.azure.between(0, 9)
		}
		list = append(list, run)
	}
	return list
}

// meterUsage makes a meter's rows day by day, as tiers accumulate.
func (b *builder) meterUsage(p *plan, m *meter) {
	b.commit(p, m)
	resources := b.running(p, m)
	var used money.Decimal
	for day := 1; day <= b.Period.Days(); day++ {
		date := period.NewDate(b.Period.Year, b.Period.Month, day)
		for i := range resources {
			if run := &resources[i]; day >= run.from && day <= run.till {
				for _, u := range b.dayRows(p, m, run, date) {
					used = b.add(u, used)
				}
			}
		}
	}
}

// add rates a row and keeps it; it returns what the plan has now used of the meter.
func (b *builder) add(u *usageRow, used money.Decimal) money.Decimal {
	before := money.Zero
	if u.meter.accumulates() {
		before = used
	}
	u.rate(before)
	b.usage = append(b.usage, u)
	if u.free() {
		return used
	}
	return used.Add(u.quantity)
}

// dayRows are a resource's rows of one day: one, or two where a savings plan pays for a part.
func (b *builder) dayRows(p *plan, m *meter, run *running, d period.Date) []*usageRow {
	u := &usageRow{
		plan: p, entitlement: run.entitlement, meter: m, date: d, resource: run.resource,
		quantity: m.quantity(b.azure, d.Month().Days()), pec: p.earns(m, run.entitlement, d),
	}
	if b.has(RareCases) {
		u.quantity = b.rare(m, run, u.quantity)
	}
	switch {
	case m.special == covered:
		return p.savings.split(u)
	case m.special == reserved:
		u.pec, u.quantity = false, fullDay
		u.benefit = benefit{benefitReservation, p.reservation.benefitID, p.reservation.orderID}
	case m.special == credited && d.Day() <= 10 && b.azure.chance(80):
		u.pec, u.credited = false, true
	}
	return []*usageRow{u}
}

// rare makes little of a quiet resource's use, and at times a vast number of operations.
func (b *builder) rare(m *meter, run *running, quantity money.Decimal) money.Decimal {
	switch {
	case run.quiet:
		return b.azure.decimal(0, 1, 2)
	case m.use == operations && b.azure.chance(10):
		return b.azure.decimal(20_000, 400_000, 6)
	default:
		return quantity
	}
}

// lateUsage makes rows of the last days of the month before, on a meter without tiers (D06).
func (b *builder) lateUsage(p *plan) {
	last := b.Period.First().AddDays(-1)
	for _, m := range b.meters[:2] {
		run := running{entitlement: &p.entitlements[0], resource: m.newResource(b.azure, 5)}
		for back := b.azure.between(1, 3); back >= 0; back-- {
			for _, u := range b.dayRows(p, m, &run, last.AddDays(-back)) {
				b.add(u, money.Zero)
			}
		}
	}
}

// oddRows adds a row of quantity 0 and two rows that are equal in every field, on days that have usage anyway (B13).
func (b *builder) oddRows(p *plan) {
	var model *usageRow
	for _, u := range b.usage {
		if u.plan == p && u.meter.special == changing && b.Period.Holds(u.date) && (model == nil || b.azure.chance(20)) {
			model = u
		}
	}
	if model == nil {
		return
	}
	zero := *model
	zero.quantity, zero.resource = money.Zero, model.meter.newResource(b.azure, 4)
	twin := *model
	twin.quantity, twin.resource = fullDay, model.meter.newResource(b.azure, 3)
	again := twin
	for _, u := range []*usageRow{&zero, &twin, &again} {
		b.add(u, money.Zero)
	}
}
