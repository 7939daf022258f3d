package ingest

import (
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Value is one normalised cell. The zero value is null.
type Value struct {
	text string
	n    int64
	kind Type
}

func textValue(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{text: s, kind: Text}
}

func dateValue(d period.Date) Value {
	if d.IsZero() {
		return Value{}
	}
	return Value{n: int64(d.UnixDays()), kind: Date}
}

func boolValue(b bool) Value {
	v := Value{kind: Bool}
	if b {
		v.n = 1
	}
	return v
}

// Type is the value's type, Null for an empty cell; no other value is empty.
func (v Value) Type() Type { return v.kind }

// IsNull says that the cell was empty.
func (v Value) IsNull() bool { return v.kind == Null }

// Text is the text, or a decimal's plain digits without exponent or needless zeros before the point; "" for null and
// other types.
func (v Value) Text() string { return v.text }

// Decimal is the number of a decimal, or of a text that holds one; 0 for null and other types.
func (v Value) Decimal() money.Decimal {
	if v.text == "" {
		return money.Zero
	}
	d, err := money.Parse(v.text)
	if err != nil {
		return money.Zero
	}
	return d
}

// Date is the day of a date or of an instant; no day for null and other types.
func (v Value) Date() period.Date {
	switch v.kind {
	case Date:
		return period.FromUnixDays(int32(v.n)) //nolint:gosec // years 1 to 9999 fit
	case Timestamp:
		return period.DateOf(v.Time())
	default:
		return period.Date{}
	}
}

// Time is the instant, or a date's first instant, in UTC; the zero time for null and other types.
func (v Value) Time() time.Time {
	switch v.kind {
	case Timestamp:
		return time.UnixMicro(v.n).UTC()
	case Date:
		return time.Unix(v.n*86400, 0).UTC()
	default:
		return time.Time{}
	}
}

// Int is an integer, a date's days or an instant's microseconds since 1970, or 1 for true.
func (v Value) Int() int64 { return v.n }

// Bool says whether the value is true.
func (v Value) Bool() bool { return v.kind == Bool && v.n == 1 }

// String is the value as a CSV cell would hold it.
func (v Value) String() string {
	switch v.kind {
	case Date:
		return v.Date().String()
	case Timestamp:
		return v.Time().Format("2006-01-02T15:04:05.999999Z07:00")
	case Bool:
		if v.n == 1 {
			return "true"
		}
		return "false"
	default:
		return v.text
	}
}
