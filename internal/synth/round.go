package synth

import "github.com/chandler-csp/chandler/internal/core/money"

// The scales of Microsoft's printed numbers.
const (
	guardScale = 9  // a product is rounded to it before it is truncated (billing reference B1, D05)
	printScale = 15 // effective unit prices of lines, row totals
	rowScale   = 22 // effective unit prices of usage rows
	workScale  = 30 // quotients that are rounded later
)

var (
	one     = money.FromInt(1)
	hundred = money.FromInt(100)
)

// rounddown is Excel's ROUNDDOWN(x, 2): toward zero, after the guard.
func rounddown(x money.Decimal) money.Decimal {
	return x.Round(money.HalfEven, guardScale).Round(money.Down, 2)
}

// halfUp rounds to cents, ties away from zero.
func halfUp(x money.Decimal) money.Decimal { return x.Round(money.HalfUp, 2) }

// quotient is a / b with more digits than anything is rounded to.
func quotient(a, b money.Decimal) money.Decimal { return quotientTo(a, b, workScale) }

// quotientTo is a / b rounded once, half-even. The callers' divisors are counts and quantities that are not zero.
func quotientTo(a, b money.Decimal, scale int32) money.Decimal {
	q, err := a.QuoRound(b, money.HalfEven, scale)
	if err != nil {
		return money.Zero
	}
	return q
}

// percentOf is x times p percent, exact.
func percentOf(x, p money.Decimal) money.Decimal { return x.MulExact(p).MulExact(money.New(1, -2)) }

// less takes p percent off, exact.
func less(x, p money.Decimal) money.Decimal { return x.Sub(percentOf(x, p)) }

// meteredCost is what usage of that much costs in the pricing currency (B1, last row).
func meteredCost(net money.Decimal) money.Decimal { return rounddown(net) }

// meteredSubtotal is a usage line's amount: the effective unit price's product truncated, converted, truncated (B1).
func meteredSubtotal(eup, quantity, rate money.Decimal) money.Decimal {
	return rounddown(rounddown(eup.MulExact(quantity)).MulExact(rate))
}

// meteredEUP is the effective unit price that a usage line prints: cost / quantity with 15 decimals (D05), raised by
// its last digit where the printed number would otherwise lose the cost's last cent.
func meteredEUP(cost, quantity money.Decimal) money.Decimal {
	eup := quotientTo(cost, quantity, printScale)
	for rounddown(eup.MulExact(quantity)).Cmp(cost) < 0 {
		eup = eup.Add(money.New(1, -printScale))
	}
	return eup
}

// Mode is how a licence line is rounded: Microsoft does both (B1).
type Mode string

// The modes of a line. ModeEither: unit and line give the same.
const (
	ModeUsage  Mode = "usage"
	ModeUnit   Mode = "unit"
	ModeLine   Mode = "line"
	ModeEither Mode = "either"
)

// seatSubtotal is the amount of seats at a price for days of a cycle: the seat's share truncated and multiplied, or
// the whole product truncated (B1).
func seatSubtotal(mode Mode, price, seats money.Decimal, days, of int) money.Decimal {
	d, n := money.FromInt(int64(days)), money.FromInt(int64(of))
	if mode == ModeUnit {
		return rounddown(quotient(price.MulExact(d), n)).MulExact(seats)
	}
	return rounddown(quotient(price.MulExact(d).MulExact(seats), n))
}

// savingsPlanHours is how many hours of an hour an hourly commitment pays for at the plan's rate (B8, G16).
func savingsPlanHours(commitment, planRate money.Decimal) money.Decimal {
	return quotient(commitment, planRate)
}
