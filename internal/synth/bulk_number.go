package synth

import (
	"math/big"
	"math/bits"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// Bulk arithmetic is whole numbers of fixed decimals, wide enough for a row in 64 bits and for a sum in 128. A test
// holds it against exact decimals.
const (
	priceScale    = 6  // unit prices
	quantityScale = 6  // quantities
	eupScale      = 8  // unit price less 15 percent
	listScale     = 12 // price x quantity
	netScale      = 14 // list amount less 15 percent
	rateScale     = 9  // exchange rate
	billingScale  = 15 // net x rate, rounded: 14 + 9 - 15 = 8 decimals go
)

const hundredMillion = 100_000_000

// wide is an unsigned sum of 128 bits.
type wide struct{ high, low uint64 }

func (w *wide) add(n uint64) {
	var carry uint64
	w.low, carry = bits.Add64(w.low, n, 0)
	w.high += carry
}

// decimal is the sum as an exact number.
func (w wide) decimal(scale int32) money.Decimal {
	if w.high == 0 && w.low < 1<<63 {
		return money.New(int64(w.low), -scale) //nolint:gosec // see above
	}
	n := new(big.Int).SetUint64(w.high)
	n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(w.low))
	return money.MustParse(n.String()).MulExact(money.New(1, -scale))
}

// product is a x b; false when it does not fit.
func product(a, b uint64) (uint64, bool) {
	high, low := bits.Mul64(a, b)
	return low, high == 0
}

// convert is a net amount at the exchange rate, rounded half-even to 15 decimals; false when it does not fit.
func convert(net, rate uint64) (uint64, bool) {
	high, low := bits.Mul64(net, rate)
	if high >= hundredMillion {
		return 0, false
	}
	q, rest := bits.Div64(high, low, hundredMillion)
	if rest > hundredMillion/2 || rest == hundredMillion/2 && q&1 == 1 {
		q++
	}
	return q, true
}

// bulkTier is a tier in bulk: units up to and including upTo cost price each; the last has no end.
type bulkTier struct {
	upTo  uint64 // quantityScale
	price uint64 // priceScale
}

// bulkGraduated is graduated in whole numbers: the list amount, the price reached, and whether one price made it all.
func bulkGraduated(tiers []bulkTier, before, quantity uint64) (amount, reached uint64, single, ok bool) {
	at, end, steps := before, before+quantity, 0
	for i, t := range tiers {
		top, last := end, i == len(tiers)-1
		if !last && t.upTo < end {
			top = t.upTo
		}
		if at < top {
			part, fits := product(top-at, t.price)
			if !fits {
				return 0, 0, false, false
			}
			amount += part
			at = top
			steps++
		}
		if last || end <= t.upTo {
			reached = t.price
			break
		}
	}
	return amount, reached, steps <= 1, true
}

// appendScaled writes n / 10^scale without zeros that say nothing.
func appendScaled(b []byte, n uint64, scale int) []byte {
	for scale > 0 && n%10 == 0 {
		n /= 10
		scale--
	}
	var digits [24]byte
	i := len(digits)
	for written := 0; n > 0 || written <= scale; written++ {
		if written == scale && scale > 0 {
			i--
			digits[i] = '.'
		}
		i--
		digits[i] = byte('0' + n%10)
		n /= 10
	}
	return append(b, digits[i:]...)
}
