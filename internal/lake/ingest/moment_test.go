package ingest

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/chandler-csp/chandler/internal/core/period"
)

func TestParseMoment(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in, day string
		micros        int64
		ok            bool
	}{
		{"a day", "2026-03-31", "2026-03-31", 0, true},
		{"midnight in UTC", "2026-03-31T00:00:00Z", "2026-03-31", 0, true},
		{"midnight without an offset", "2026-03-31T00:00:00", "2026-03-31", 0, true},
		{"seven digits of a second", "2018-02-08T22:31:42.9397946Z", "2018-02-08", 81102939794, true},
		{"seven zeros", "9999-11-30T23:59:59.0000000Z", "9999-11-30", 86399000000, true},
		{"west of UTC, same day", "2019-02-04T09:22:34.6455294-08:00", "2019-02-04", 62554645529, true},
		{"west of UTC, next day", "2019-02-04T16:00:00-08:00", "2019-02-05", 0, true},
		{"east of UTC, day before", "2019-03-01T00:30:00+01:00", "2019-02-28", 84600000000, true},
		{"offset zero", "2019-01-03T19:53:55+00:00", "2019-01-03", 71635000000, true},
		{"FOCUS sample", "2024-09-18 23:00:00", "2024-09-18", 82800000000, true},
		{"US date", "3/1/2026", "2026-03-01", 0, true},
		{"US date with zeros", "09/01/2023", "2023-09-01", 0, true},
		{"US midnight", "3/1/2018 12:00:00 AM", "2018-03-01", 0, true},
		{"US noon", "3/1/2018 12:00 PM", "2018-03-01", 43200000000, true},
		{"US last second", "11/30/9999 11:59:59 PM", "9999-11-30", 86399000000, true},
		{"US 24-hour clock", "3/1/2018 13:05", "2018-03-01", 47100000000, true},
		{"year one is no day", "0001-01-01T00:00:00", "", 0, true},
		{"year one in US style", "1/1/0001 12:00:00 AM", "", 0, true},
		{"open start", "1753-01-01T00:00:00", "1753-01-01", 0, true},
		{"leap day", "2024-02-29", "2024-02-29", 0, true},
		{"no leap day", "2026-02-29", "", 0, false},
		{"month 13", "13/3/2026", "", 0, false},
		{"day 31 of April", "4/31/2026", "", 0, false},
		{"hour 13 PM", "3/1/2018 13:00 PM", "", 0, false},
		{"hour 25", "2026-03-31T25:00:00Z", "", 0, false},
		{"German style", "31.03.2026", "", 0, false},
		{"a spreadsheet's number", "46112", "", 0, false},
		{"text behind", "2026-03-31x", "", 0, false},
		{"half an offset", "2026-03-31T00:00:00+1", "", 0, false},
		{"a year of three digits", "3/1/026", "", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			m, err := parseMoment(tt.in)
			if (err == nil) != tt.ok || m.day.String() != tt.day || m.micros != tt.micros {
				t.Errorf("parseMoment(%q) = %s %d, %v; want %s %d", tt.in, m.day, m.micros, err, tt.day, tt.micros)
			}
		})
	}
}

// Every spelling of one instant reads as its UTC day.
func TestMomentSpellings(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "seconds"), 0).UTC()
		offset := rapid.IntRange(-12*4, 14*4).Draw(t, "quarters") * 900
		want := period.DateOf(at)
		for _, s := range []string{
			at.Format("2006-01-02T15:04:05Z"), at.Format("2006-01-02T15:04:05.0000000"), at.Format("2006-01-02 15:04:05"),
			at.Format("1/2/2006 3:04:05 PM"), at.Format("01/02/2006 15:04"), at.Format(time.DateOnly),
			at.In(time.FixedZone("", offset)).Format("2006-01-02T15:04:05.0000000-07:00"),
		} {
			if m, err := parseMoment(s); err != nil || m.day != want {
				t.Fatalf("%q is read as %s, %v; want %s", s, m.day, err, want)
			}
		}
	})
}

func FuzzParseMoment(f *testing.F) {
	for _, s := range []string{"2026-03-31", "3/1/2026 1:02 PM", "2019-02-04T09:22:34.6455294-08:00", "0001-01-01", "9999-12-31T23:59:59-14:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		m, err := parseMoment(s)
		if err != nil {
			return
		}
		if m.micros < 0 || m.micros >= 86400e6 {
			t.Fatalf("%q gave %d microseconds of a day", s, m.micros)
		}
		if want, err := time.Parse(time.RFC3339Nano, s); err == nil && want.Year() > 1 && m.day != period.DateOf(want) {
			t.Fatalf("%q gave %s, want %s", s, m.day, period.DateOf(want))
		}
	})
}
