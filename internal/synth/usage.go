package synth

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// usageRow is one row of daily-rated usage: one resource's use of one meter on one day.
type usageRow struct {
	plan        *plan
	entitlement *entitlement
	meter       *meter
	date        period.Date
	resource    resource

	quantity  money.Decimal
	unitPrice money.Decimal // of the tier reached
	list      money.Decimal // before partner earned credit, exact; 0 for a free row
	net       money.Decimal // after it, exact
	eup       money.Decimal // as printed
	pec       bool
	credited  bool // by an Azure credit, in full
	benefit   benefit
}

// resource is what used the meter.
type resource struct{ name, tags string }

// benefit is the savings plan or reservation that a row stands under.
type benefit struct{ kind, id, orderID string }

// The benefit types. A row of type Charge is what a savings plan left to pay.
const (
	benefitSavingsPlan = "SavingsPlan"
	benefitCharge      = "Charge"
	benefitReservation = "Reservation"
)

// free says whether the row costs nothing whatever its quantity: it moves no tier and is in no line (D01).
func (u *usageRow) free() bool {
	return u.credited || u.benefit.kind == benefitSavingsPlan || u.benefit.kind == benefitReservation
}

// pecPercent is the one rate of partner earned credit (B3).
var pecPercent = money.FromInt(15)

// rate fills in what the row costs, given what the plan used of the meter this month before.
func (u *usageRow) rate(before money.Decimal) {
	amount, reached := graduated(u.meter.tiersOn(u.date), before, u.quantity)
	u.unitPrice = reached
	if u.free() {
		u.eup = money.Zero // D02
		return
	}
	u.list, u.net, u.eup = amount, amount, reached
	if u.pec {
		u.net, u.eup = less(amount, pecPercent), less(reached, pecPercent)
	}
	if !u.eup.MulExact(u.quantity).Equal(u.net) { // a blend of tiers
		u.eup = quotientTo(u.net, u.quantity, rowScale)
	}
}

// pricing and billing are the row's totals as they are printed, in US dollars and in the invoice's currency.
func (u *usageRow) pricing() money.Decimal { return u.net.Round(money.HalfEven, printScale) }

func (u *usageRow) billing() money.Decimal {
	return u.net.MulExact(u.plan.invoice.rate).Round(money.HalfEven, printScale)
}

// bucket is where usage and lines meet (B13, D06).
type bucket struct {
	plan  *plan
	meter *meter
	pec   bool
}

func (u *usageRow) bucket() bucket { return bucket{u.plan, u.meter, u.pec} }
