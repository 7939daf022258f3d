// Package money holds exact decimal amounts, currencies and the rounding of both. It owns every rule by which an
// amount may lose a digit and refuses binary floating point altogether: no amount is ever made from, or turned into,
// a float.
package money

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// WorkScale is the number of decimals that a product keeps, as the lake's DECIMAL(38,18) does: SQL and Go round a
// product half-even to it, so that both engines agree to the last digit.
const WorkScale = 18

// precision is the number of digits an intermediate result may have. Two 38-digit factors fit.
const precision = 80

// exact is the context of all sums and products; a result that does not fit it is a fault, never a silent rounding.
var exact = apd.Context{
	Precision: precision, MaxExponent: 2000, MinExponent: -2000, Rounding: apd.RoundHalfEven,
	Traps: apd.InvalidOperation | apd.DivisionByZero | apd.Overflow | apd.Underflow | apd.DivisionUndefined,
}

// Decimal is an exact, immutable decimal number. The zero value is 0.
type Decimal struct{ d apd.Decimal }

// ErrSyntax says that a text is not a decimal number in plain or E notation.
var ErrSyntax = errors.New("not a decimal number")

// Zero is 0.
var Zero = Decimal{}

// New returns coefficient x 10^exponent.
func New(coefficient int64, exponent int32) Decimal { return Decimal{*apd.New(coefficient, exponent)} }

// FromInt returns the whole number i.
func FromInt(i int64) Decimal { return New(i, 0) }

// Parse reads a decimal number: an optional sign, digits, at most one point, an optional exponent. It refuses
// everything else, so no comma, no space, no "NaN". At most 38 digits before and after the point.
func Parse(s string) (Decimal, error) {
	if !plausible(s) {
		return Decimal{}, fmt.Errorf("%q: %w", s, ErrSyntax)
	}
	var d apd.Decimal
	if _, _, err := d.SetString(s); err != nil || d.Form != apd.Finite {
		return Decimal{}, fmt.Errorf("%q: %w", s, ErrSyntax)
	}
	if d.Exponent > 38 || d.Exponent < -76 || d.NumDigits() > 76 {
		return Decimal{}, fmt.Errorf("%q has too many digits: %w", s, ErrSyntax)
	}
	return Decimal{d}, nil
}

// plausible keeps words that apd would take ("Infinity", "NaN", "_") out of amounts.
func plausible(s string) bool {
	if s == "" || len(s) > 100 {
		return false
	}
	digits := false
	for i := range len(s) {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			digits = true
		case c == '.', c == 'e' && digits, c == 'E' && digits:
		case c == '-' || c == '+':
			if i > 0 && s[i-1] != 'e' && s[i-1] != 'E' {
				return false
			}
		default:
			return false
		}
	}
	return digits
}

// MustParse is Parse for constants in tables and tests; it panics on a text that is not a number.
func MustParse(s string) Decimal {
	d, err := Parse(s)
	if err != nil {
		panic(err) //nolint:forbidigo // a constant of ours is at fault, at start or in a test
	}
	return d
}

// must turns a trapped condition into a panic: with 80 digits and parsed inputs of at most 76 it is a fault of ours.
func must(_ apd.Condition, err error) {
	if err != nil {
		panic(err) //nolint:forbidigo // see above
	}
}

// Add returns a + b.
func (a Decimal) Add(b Decimal) Decimal {
	var r Decimal
	must(exact.Add(&r.d, &a.d, &b.d))
	return r
}

// Sub returns a - b.
func (a Decimal) Sub(b Decimal) Decimal {
	var r Decimal
	must(exact.Sub(&r.d, &a.d, &b.d))
	return r
}

// Mul returns a x b rounded half-even to WorkScale decimals, the working precision of every chain of products.
func (a Decimal) Mul(b Decimal) Decimal {
	var r Decimal
	must(exact.Mul(&r.d, &a.d, &b.d))
	if r.d.Exponent < -WorkScale {
		return r.Round(HalfEven, WorkScale)
	}
	return r
}

// MulExact returns a x b with every digit.
func (a Decimal) MulExact(b Decimal) Decimal {
	var r Decimal
	must(exact.Mul(&r.d, &a.d, &b.d))
	return r
}

// Quo returns a / b rounded half-even to WorkScale decimals. Division by zero returns an error.
func (a Decimal) Quo(b Decimal) (Decimal, error) { return a.QuoRound(b, HalfEven, WorkScale) }

// QuoRound returns a / b rounded once, by mode, to scale decimals.
func (a Decimal) QuoRound(b Decimal, mode Mode, scale int32) (Decimal, error) {
	if b.Sign() == 0 {
		return Decimal{}, errors.New("division by zero")
	}
	var q, m apd.Decimal
	// Integer division of scaled operands keeps the remainder's sign, so that ties are told exactly.
	num := apd.Decimal{}
	num.Set(&a.d)
	num.Exponent += scale + 1
	wide := exact
	wide.Precision = 200
	must(wide.QuoInteger(&q, &num, &b.d))
	must(wide.Rem(&m, &num, &b.d))
	q.Exponent -= scale + 1
	if !m.IsZero() {
		// A sticky digit behind the guard digit: more than it, never a tie.
		sticky := apd.New(1, q.Exponent-1)
		sticky.Negative = a.Sign()*b.Sign() < 0
		must(wide.Add(&q, &q, sticky))
	}
	return Decimal{q}.Round(mode, scale), nil
}

// Neg returns -a.
func (a Decimal) Neg() Decimal {
	if a.d.IsZero() {
		return a
	}
	r := a
	r.d.Negative = !a.d.Negative
	return r
}

// Abs returns |a|.
func (a Decimal) Abs() Decimal {
	r := a
	r.d.Negative = false
	return r
}

// Cmp returns -1, 0 or 1 as a is less than, equal to or greater than b.
func (a Decimal) Cmp(b Decimal) int { return a.d.Cmp(&b.d) }

// Equal says whether a and b are the same number (1.0 equals 1.00).
func (a Decimal) Equal(b Decimal) bool { return a.Cmp(b) == 0 }

// Less says whether a < b.
func (a Decimal) Less(b Decimal) bool { return a.Cmp(b) < 0 }

// Sign returns -1, 0 or 1.
func (a Decimal) Sign() int { return a.d.Sign() }

// IsZero says whether a is 0.
func (a Decimal) IsZero() bool { return a.d.IsZero() }

// Scale is the number of decimals after trailing zeros are dropped, 0 for a whole number.
func (a Decimal) Scale() int32 {
	r := a.reduced()
	return max(0, -r.d.Exponent)
}

// Max returns the greater of a and b.
func Max(a, b Decimal) Decimal {
	if a.Cmp(b) >= 0 {
		return a
	}
	return b
}

// Min returns the lesser of a and b.
func Min(a, b Decimal) Decimal {
	if a.Cmp(b) <= 0 {
		return a
	}
	return b
}

// Sum adds amounts; the sum of none is 0.
func Sum(amounts ...Decimal) Decimal {
	var s Decimal
	for _, a := range amounts {
		s = s.Add(a)
	}
	return s
}

func (a Decimal) reduced() Decimal {
	var r Decimal
	if a.d.IsZero() {
		return r
	}
	r.d.Reduce(&a.d)
	if r.d.Exponent > 0 {
		must(exact.Quantize(&r.d, &r.d, 0))
	}
	return r
}

// String is the number in plain notation, without an exponent, with the decimals it carries, and never "-0".
func (a Decimal) String() string {
	if a.d.Exponent > 0 {
		a = a.reduced()
	}
	s := a.d.Text('f')
	if a.d.IsZero() {
		return strings.TrimPrefix(s, "-")
	}
	return s
}

// Plain is String without trailing zeros: "1.5" for 1.500.
func (a Decimal) Plain() string { return a.reduced().String() }

// Fixed is the number with exactly scale decimals, rounded half-up for display. It is for amounts that were rounded
// by their own rule before.
func (a Decimal) Fixed(scale int32) string {
	r := a.Round(HalfUp, scale)
	must(exact.Quantize(&r.d, &r.d, -scale))
	return r.String()
}

// MarshalText gives the number's digits; JSON therefore carries a string.
func (a Decimal) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what Parse reads.
func (a *Decimal) UnmarshalText(b []byte) error {
	d, err := Parse(string(b))
	if err != nil {
		return err
	}
	*a = d
	return nil
}

// Value stores the number as text.
func (a Decimal) Value() (driver.Value, error) { return a.String(), nil }

// Scan reads text; NULL is 0.
func (a *Decimal) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*a = Decimal{}
		return nil
	case string:
		return a.UnmarshalText([]byte(v))
	case []byte:
		return a.UnmarshalText(v)
	case int64:
		*a = FromInt(v)
		return nil
	default:
		return fmt.Errorf("decimal from %T: %w", src, ErrSyntax)
	}
}

// Trim is the same number without trailing zeros.
func (a Decimal) Trim() Decimal { return a.reduced() }
