package period

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// Month is a calendar month in UTC, the billing period of new-commerce invoices. The zero value is no month.
type Month struct {
	Year  int
	Month time.Month
}

// ParseMonth reads YYYY-MM or YYYYMM.
func ParseMonth(s string) (Month, error) {
	for _, layout := range []string{"2006-01", "200601"} {
		if t, err := time.Parse(layout, s); err == nil {
			return Month{t.Year(), t.Month()}, nil
		}
	}
	return Month{}, fmt.Errorf("period %q: want YYYY-MM", s)
}

// MustMonth is ParseMonth for constants in tests.
func MustMonth(s string) Month {
	m, err := ParseMonth(s)
	if err != nil {
		panic(err) //nolint:forbidigo // a constant of ours is at fault
	}
	return m
}

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// IsZero says that there is no month.
func (m Month) IsZero() bool { return m.Year == 0 }

// String is YYYY-MM, or "" when there is no month.
func (m Month) String() string {
	if m.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", m.Year, int(m.Month))
}

// First is the month's first day.
func (m Month) First() Date { return NewDate(m.Year, m.Month, 1) }

// Last is the month's last day.
func (m Month) Last() Date { return NewDate(m.Year, m.Month, m.Days()) }

// Days is the number of days of the month.
func (m Month) Days() int { return daysIn(m.Year, m.Month) }

// Add returns the month n months later.
func (m Month) Add(n int) Month { return m.First().AddMonths(n).Month() }

// Holds says whether the day lies in the month.
func (m Month) Holds(d Date) bool { return !d.IsZero() && d.Month() == m }

// Before says whether m lies before n.
func (m Month) Before(n Month) bool { return m.Year < n.Year || m.Year == n.Year && m.Month < n.Month }

// MarshalText gives YYYY-MM.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads YYYY-MM; the empty text is no month.
func (m *Month) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*m = Month{}
		return nil
	}
	v, err := ParseMonth(string(b))
	*m = v
	return err
}

// Value stores the month as YYYY-MM.
func (m Month) Value() (driver.Value, error) { return m.String(), nil }

// Scan reads text; NULL is no month.
func (m *Month) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*m = Month{}
		return nil
	case string:
		return m.UnmarshalText([]byte(v))
	case []byte:
		return m.UnmarshalText(v)
	default:
		return fmt.Errorf("month from %T", src)
	}
}
