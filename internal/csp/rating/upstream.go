package rating

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// guard is the number of decimals a product is rounded to before Microsoft's truncation: a printed effective unit
// price has about 15 digits and may lie a hair below the true quotient (billing reference B1).
const guard = 9

var (
	one     = money.FromInt(1)
	hundred = money.FromInt(100)
)

// td truncates a product toward zero to 2 decimals, as Excel's ROUNDDOWN and Microsoft's invoices do.
func td(a money.Decimal) money.Decimal { return a.Round(money.HalfEven, guard).Round(money.Down, 2) }

// fxOf is the line's exchange rate; a line without one is billed in its pricing currency.
func fxOf(l *usage.Line) money.Decimal {
	if l.FXRate.IsZero() {
		return one
	}
	return l.FXRate
}

// UsageAmount is a metered line's Subtotal: ROUNDDOWN(ROUNDDOWN(EUP x quantity, 2) x FX, 2) (B1).
func UsageAmount(eup, quantity, fx money.Decimal) money.Decimal {
	return td(td(eup.MulExact(quantity)).MulExact(fx))
}

// UnitAmount is a seat line's Subtotal in unit mode: ROUNDDOWN(EUP x FX, 2) x quantity (B1).
func UnitAmount(eup, quantity, fx money.Decimal) money.Decimal {
	return td(eup.MulExact(fx)).MulExact(quantity)
}

// LineAmount is a seat line's Subtotal in line mode: ROUNDDOWN(EUP x FX x quantity, 2) with the unrounded EUP (B1).
func LineAmount(eup, quantity, fx money.Decimal) money.Decimal {
	return td(eup.MulExact(fx).MulExact(quantity))
}

// LegacyLicenceAmount is ROUND((ROUND(price x quantity / days in month, 2) x days) / quantity, 2) x quantity, half-up
// (billing reference B1, G17).
func LegacyLicenceAmount(price, quantity money.Decimal, share Share) money.Decimal {
	if quantity.IsZero() || share == Whole {
		return price.MulExact(quantity).Round(money.HalfUp, 2)
	}
	daily, _ := price.MulExact(quantity).QuoRound(money.FromInt(int64(share.Of)), money.HalfUp, 2)
	unit, _ := daily.MulExact(money.FromInt(int64(share.Days))).QuoRound(quantity, money.HalfUp, 2)
	return unit.MulExact(quantity)
}

// LegacyUsageAmount is list price x overage to the nearest cent, half-up (billing reference B1).
func LegacyUsageAmount(price, quantity money.Decimal) money.Decimal {
	return price.MulExact(quantity).Round(money.HalfUp, 2)
}

// Upstream is Microsoft's side of a line, recomputed.
type Upstream struct {
	Mode     Mode
	Expected money.Decimal // the Subtotal that the mode gives; for ModeNone the nearest candidate
	EUP      money.Decimal // effective unit price that it was computed with, unrounded where it could be derived
	Derived  bool          // EUP follows from UnitPrice, promotion and days; otherwise it is the printed one
	Share    Share
	Cycle    Cycle
	HasCycle bool
	Prorates bool // the printed EUP agrees with the days; true where there is nothing to prorate
}

// Recompute derives a line's Subtotal by Microsoft's rules and recognises which one the line follows.
func Recompute(l *usage.Line) Upstream {
	switch l.Family {
	case usage.FamilyNewCommerce: // below
	case usage.FamilyCostRow:
		return Upstream{Mode: ModeExact, Expected: l.Subtotal, EUP: l.EffectiveUnitPrice, Share: Whole, Prorates: true}
	case usage.FamilyLegacyUsage:
		return candidates(l, Upstream{Share: Whole, Prorates: true},
			candidate{ModeLegacy, LegacyUsageAmount(l.UnitPrice, l.BillableQuantity), l.UnitPrice})
	case usage.FamilyLegacyLicence:
		share := legacyShare(l)
		return candidates(l, Upstream{Share: share, Prorates: true},
			candidate{ModeLegacy, LegacyLicenceAmount(l.UnitPrice, l.Quantity, share), l.UnitPrice},
			candidate{ModeLegacy, LegacyLicenceAmount(l.UnitPrice, l.Quantity, Whole), l.UnitPrice})
	}
	if Metered(l) {
		return candidates(l, Upstream{Share: Whole, Prorates: true}, usageCandidates(l)...)
	}
	return recomputeSeats(l)
}

// usageCandidates are the amounts that a printed effective unit price allows. Beyond a million units the 15 decimals
// that Microsoft prints no longer fix the ninth decimal of the product, so the true one may lie a hair higher.
func usageCandidates(l *usage.Line) []candidate {
	eup, fx := l.EffectiveUnitPrice, fxOf(l)
	list := make([]candidate, 1, 2)
	list[0] = candidate{ModeUsage, UsageAmount(eup, l.BillableQuantity, fx), eup}
	if l.BillableQuantity.Abs().Less(money.FromInt(1_000_000)) {
		return list
	}
	hair := money.New(int64(eup.Sign()), -15)
	return append(list, candidate{ModeUsage, UsageAmount(eup.Add(hair), l.BillableQuantity, fx), eup})
}

// legacyShare is the share of the calendar month in which a legacy licence's charge starts.
func legacyShare(l *usage.Line) Share {
	if l.ChargeStart.IsZero() || l.ChargeEnd.IsZero() {
		return Whole
	}
	days, of := l.ChargeStart.DaysThrough(l.ChargeEnd), l.ChargeStart.Month().Days()
	if days >= of {
		return Whole
	}
	return Share{days, of}
}

type candidate struct {
	mode   Mode
	amount money.Decimal
	eup    money.Decimal
}

// candidates takes the first that equals the line's Subtotal; with none, the nearest and ModeNone.
func candidates(l *usage.Line, u Upstream, list ...candidate) Upstream {
	best := list[0]
	for _, c := range list {
		if c.amount.Equal(l.Subtotal) {
			u.Mode, u.Expected, u.EUP = c.mode, c.amount, c.eup
			return u
		}
		if c.amount.Sub(l.Subtotal).Abs().Less(best.amount.Sub(l.Subtotal).Abs()) {
			best = c
		}
	}
	u.Mode, u.Expected, u.EUP = ModeNone, best.amount, best.eup
	return u
}

// recomputeSeats handles everything that is not metered: licences in unit or line mode, and one-time lines, for which
// the two agree.
func recomputeSeats(l *usage.Line) Upstream {
	u := Upstream{Share: Whole, Prorates: true, EUP: l.EffectiveUnitPrice}
	eups := []money.Decimal{l.EffectiveUnitPrice}
	if Category(l) == Licence {
		if u.Cycle, u.HasCycle = CycleOf(l); u.HasCycle {
			u.Share = ShareOf(l, u.Cycle)
			u.Prorates = agrees(l.EffectiveUnitPrice, DerivedEUP(l, u.Share))
		} else {
			u.Share, u.Prorates = alignedShare(l)
		}
		if derived := DerivedEUP(l, u.Share); u.Prorates && agrees(l.EffectiveUnitPrice, derived) {
			u.Derived, eups = true, []money.Decimal{derived, l.EffectiveUnitPrice}
		}
	}
	return recogniseSeatMode(l, u, eups)
}

// recogniseSeatMode tries unit and line mode with each effective unit price (B1, "Detection rule for seats").
func recogniseSeatMode(l *usage.Line, u Upstream, eups []money.Decimal) Upstream {
	fx := fxOf(l)
	var list []candidate
	for _, eup := range eups {
		unit, line := UnitAmount(eup, l.BillableQuantity, fx), LineAmount(eup, l.BillableQuantity, fx)
		if unit.Equal(line) && unit.Equal(l.Subtotal) {
			u.Mode, u.Expected, u.EUP = ModeEither, unit, eup
			return u
		}
		list = append(list, candidate{ModeUnit, unit, eup}, candidate{ModeLine, line, eup})
	}
	return candidates(l, u, list...)
}

// DerivedEUP is UnitPrice less promotion x days / cycle days, negative where the line refunds (B4, B5).
func DerivedEUP(l *usage.Line, s Share) money.Decimal {
	price := l.UnitPrice
	if off := Promotion(l.PriceAdjustment); !off.IsZero() {
		price, _ = price.MulExact(hundred.Sub(off)).Quo(hundred)
	}
	eup := s.Apply(price)
	if l.EffectiveUnitPrice.Sign() < 0 || l.EffectiveUnitPrice.IsZero() && l.Subtotal.Sign() < 0 {
		eup = eup.Neg()
	}
	return eup
}

// agrees says whether a printed number is the exact one as far as its decimals go; Microsoft prints 2 to 17.
func agrees(printed, exact money.Decimal) bool {
	unit := money.New(1, -min(printed.Scale(), 12))
	if printed.Scale() < 2 {
		unit = money.New(1, -2)
	}
	return printed.Sub(exact).Abs().Cmp(unit) <= 0
}
