package money

import (
	"fmt"

	"github.com/cockroachdb/apd/v3"
)

// Mode is how a number loses digits.
type Mode string

// The modes. Down is Excel's ROUNDDOWN, toward zero; it is not floor.
const (
	HalfUp   Mode = "half-up"   // ties away from zero
	HalfEven Mode = "half-even" // ties to the even digit
	Down     Mode = "down"      // toward zero
	Up       Mode = "up"        // away from zero
	Floor    Mode = "floor"     // toward negative infinity
	Ceiling  Mode = "ceiling"   // toward positive infinity
)

// Level is what a rule rounds: a unit's price, a line, a group of lines, or the document.
type Level string

// The levels.
const (
	LevelUnit     Level = "unit"
	LevelLine     Level = "line"
	LevelGroup    Level = "group"
	LevelDocument Level = "document"
)

// Rounding is a rounding rule as data. Its zero value is not valid; Valid tells.
type Rounding struct {
	Mode  Mode  `json:"mode"`
	Scale int32 `json:"scale"`
	Level Level `json:"level"`
}

var rounders = map[Mode]apd.Rounder{
	HalfUp: apd.RoundHalfUp, HalfEven: apd.RoundHalfEven, Down: apd.RoundDown,
	Up: apd.RoundUp, Floor: apd.RoundFloor, Ceiling: apd.RoundCeiling,
}

// Valid says whether m is a known mode.
func (m Mode) Valid() bool { _, ok := rounders[m]; return ok }

// Valid says whether l is a known level.
func (l Level) Valid() bool {
	return l == LevelUnit || l == LevelLine || l == LevelGroup || l == LevelDocument
}

// Round returns a with at most scale decimals. A number that already has no more is returned unchanged.
func (a Decimal) Round(mode Mode, scale int32) Decimal {
	if a.d.Exponent >= -scale {
		return a
	}
	ctx := exact
	ctx.Precision = 200
	rounder, ok := rounders[mode]
	if !ok {
		panic(fmt.Sprintf("money: unknown rounding mode %q", mode)) //nolint:forbidigo // modes are validated on entry
	}
	ctx.Rounding = rounder
	var r Decimal
	must(ctx.Quantize(&r.d, &a.d, -scale))
	if r.d.IsZero() {
		r.d.Negative = false
	}
	return r
}

// Apply rounds a by the rule's mode and scale; the caller decides when, by the rule's level.
func (r Rounding) Apply(a Decimal) Decimal { return a.Round(r.Mode, r.Scale) }

// String is the rule in words, as an explanation prints it.
func (r Rounding) String() string {
	return fmt.Sprintf("%s to %d decimals on the %s", r.Mode, r.Scale, r.Level)
}

// Allocate splits total, which has at most scale decimals, by weights into parts of scale decimals that sum to total
// exactly: largest remainder, ties to the lowest index. Weights must not be negative; if all are zero the first part
// takes everything. It returns nil for no weights.
func Allocate(total Decimal, weights []Decimal, scale int32) []Decimal {
	if len(weights) == 0 {
		return nil
	}
	parts, sum := make([]Decimal, len(weights)), Sum(weights...)
	if sum.IsZero() {
		parts[0] = total
		return parts
	}
	remainders, left := make([]Decimal, len(weights)), total
	for i, w := range weights {
		share, _ := total.MulExact(w).QuoRound(sum, Down, scale)
		parts[i] = share
		remainders[i] = total.MulExact(w).Sub(share.MulExact(sum)).Abs()
		left = left.Sub(share)
	}
	step := New(int64(left.Sign()), -scale)
	for !left.IsZero() {
		best := 0
		for i := range remainders {
			if remainders[i].Cmp(remainders[best]) > 0 {
				best = i
			}
		}
		parts[best], remainders[best] = parts[best].Add(step), FromInt(-1)
		left = left.Sub(step)
	}
	return parts
}
