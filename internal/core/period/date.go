// Package period holds calendar days and months in UTC. It owns the difference between a day and an instant: a Date
// is never a midnight, and spans of days say whether their end is inclusive.
package period

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Date is a calendar day in UTC. The zero value is no day (unknown or not given).
type Date struct{ days int32 } // days since 0000-12-31, so that 0 is free for "none"

const epochOffset = 719163 // 1970-01-01 counted from 0001-01-01 as day 1

// NewDate returns the day; an overflowing day or month is carried as time.Date does.
func NewDate(year int, month time.Month, day int) Date {
	return DateOf(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// DateOf is the UTC day of an instant. The zero instant is no day.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	s := t.Unix()
	d := s / 86400
	if s%86400 < 0 {
		d--
	}
	return Date{int32(d) + epochOffset} //nolint:gosec // years 1 to 9999 fit
}

// FromUnixDays returns the day that lies n days after 1970-01-01, the form in which the lake stores dates.
func FromUnixDays(n int32) Date { return Date{n + epochOffset} }

// UnixDays is the number of days since 1970-01-01.
func (d Date) UnixDays() int32 { return d.days - epochOffset }

// ParseDate reads YYYY-MM-DD. The empty text is no day.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: want YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// MustDate is ParseDate for constants in tests and tables.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err) //nolint:forbidigo // a constant of ours is at fault
	}
	return d
}

// IsZero says that there is no day.
func (d Date) IsZero() bool { return d.days == 0 }

// Time is the first instant of the day; the zero time when there is no day.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Unix(int64(d.UnixDays())*86400, 0).UTC()
}

// String is YYYY-MM-DD, or "" when there is no day.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return Date{d.days + int32(n)} } //nolint:gosec // small spans

// Sub is the number of days from e to d.
func (d Date) Sub(e Date) int { return int(d.days - e.days) }

// DaysThrough is the number of days from d to last, both inclusive.
func (d Date) DaysThrough(last Date) int { return last.Sub(d) + 1 }

// Before says whether d lies before e.
func (d Date) Before(e Date) bool { return d.days < e.days }

// After says whether d lies after e.
func (d Date) After(e Date) bool { return d.days > e.days }

// Compare orders days; no day sorts first.
func (d Date) Compare(e Date) int { return int(d.days - e.days) }

// Year is the calendar year.
func (d Date) Year() int { return d.Time().Year() }

// Month is the calendar month that holds the day.
func (d Date) Month() Month { t := d.Time(); return Month{t.Year(), t.Month()} }

// Day is the day of the month.
func (d Date) Day() int { return d.Time().Day() }

// AddMonths moves n calendar months, the day clamped to the month's last: 31 January plus one is 28 or 29 February.
func (d Date) AddMonths(n int) Date {
	t := d.Time()
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	return NewDate(first.Year(), first.Month(), min(t.Day(), daysIn(first.Year(), first.Month())))
}

// MarshalText gives YYYY-MM-DD.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads YYYY-MM-DD.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	*d = v
	return err
}

// Value stores the day as YYYY-MM-DD, "" for none.
func (d Date) Value() (driver.Value, error) { return d.String(), nil }

// Scan reads text or an instant; NULL is no day.
func (d *Date) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*d = Date{}
		return nil
	case string:
		return d.UnmarshalText([]byte(v))
	case []byte:
		return d.UnmarshalText(v)
	case time.Time:
		*d = DateOf(v)
		return nil
	default:
		return fmt.Errorf("date from %T", src)
	}
}
