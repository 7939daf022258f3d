package synth

import (
	"crypto/sha256"
	"encoding/hex"
	"math/rand/v2"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// random is a seeded source. Parts of a month that must not disturb each other have streams of their own.
type random struct{ *rand.Rand }

func newRandom(seed, stream uint64) *random { return &random{rand.New(rand.NewPCG(seed, stream))} } //nolint:gosec // test data

// between is a number from low to high, both inclusive.
func (r *random) between(low, high int) int { return low + r.IntN(high-low+1) }

// chance is true in percent of all calls.
func (r *random) chance(percent int) bool { return r.IntN(100) < percent }

// decimal is a number of the given decimals between two whole ones, never a multiple of ten in its last place unless
// it has none.
func (r *random) decimal(low, high int64, scale int32) money.Decimal {
	unit := int64(1)
	for range scale {
		unit *= 10
	}
	n := low*unit + r.Int64N((high-low)*unit)
	if scale > 0 && n%10 == 0 {
		n++
	}
	return money.New(n, -scale)
}

// day is a day of the month from first to last, by number.
func (r *random) day(m period.Month, first, last int) period.Date {
	return period.NewDate(m.Year, m.Month, r.between(first, min(last, m.Days())))
}

func pick[T any](r *random, list []T) T { return list[r.IntN(len(list))] }

// guid is a random identifier in the form that Microsoft's tenants, subscriptions and orders have.
func (r *random) guid() string {
	var b [16]byte
	for i := range b {
		b[i] = byte(r.Uint32()) //nolint:gosec // the low byte is wanted
	}
	return formatGUID(b)
}

// token is twelve hexadecimal digits, the form of order and alternate ids.
func (r *random) token() string { return r.guid()[24:] }

// fixedGUID is the identifier that belongs to a name in every month, so that rules can name a meter.
func fixedGUID(name string) string {
	sum := sha256.Sum256([]byte(name))
	return formatGUID([16]byte(sum[:16]))
}

func formatGUID(b [16]byte) string {
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
