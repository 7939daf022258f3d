package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// toMicros stores an instant; none is 0.
func toMicros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

// toText makes text from a file storable in both databases: PostgreSQL takes neither NUL nor broken UTF-8.
func toText(s string) string {
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}

// toSortName is the form of a name that lists are sorted by and names are found by.
func toSortName(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(toText(name)), " "))
}

func toBody(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("write a record: %w", err)
	}
	return string(text), nil
}

func fromBody(text string, v any) error {
	if err := json.Unmarshal([]byte(text), v); err != nil {
		return fmt.Errorf("read a record: %w", err)
	}
	return nil
}

// toBytes keeps an empty column apart from a missing one, which there is not.
func toBytes(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func fromBytes(b []byte) []byte {
	if len(b) == 0 {
		return nil
	}
	return b
}

// fromText reads the text columns of a row and remembers the first fault.
type fromText struct{ err error }

func (f *fromText) decimal(s string) money.Decimal {
	d, err := money.Parse(s)
	f.note(err)
	return d
}

func (f *fromText) date(s string) period.Date {
	d, err := period.ParseDate(s)
	f.note(err)
	return d
}

func (f *fromText) month(s string) period.Month {
	if s == "" {
		return period.Month{}
	}
	m, err := period.ParseMonth(s)
	f.note(err)
	return m
}

func (f *fromText) note(err error) {
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("read a record: %w", err)
	}
}
