package ingest

import (
	"errors"
	"strings"
	"time"

	"github.com/chandler-csp/chandler/internal/core/period"
)

var errDate = errors.New("is not a date: want YYYY-MM-DD with or without time, or M/D/YYYY")

// moment is a parsed date and time of day. Without an offset it is UTC, as Microsoft's dates are.
type moment struct {
	day    period.Date
	micros int64 // of the day
	short  bool  // the year had two digits
}

// parseMoment reads every accepted spelling (billing reference A10): ISO with or without time, fraction and offset;
// M/D/YYYY with or without a time. 0001-01-01 is no day. A time with an offset is moved to UTC, its day with it.
func parseMoment(s string) (moment, error) {
	if d, ok := isoDay(s); ok {
		if len(s) == 10 {
			return moment{day: d}, nil
		}
		if s[10:] == "T00:00:00Z" || s[10:] == "T00:00:00" {
			return moment{day: d}, nil
		}
		if s[10] == 'T' || s[10] == ' ' {
			return isoTime(d, s[11:])
		}
		return moment{}, errDate
	}
	if strings.IndexByte(s, '/') > 0 {
		return usMoment(s)
	}
	return moment{}, errDate
}

// isoDay reads the ten characters YYYY-MM-DD at the front.
func isoDay(s string) (period.Date, bool) {
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return period.Date{}, false
	}
	y, ok1 := number(s[:4])
	m, ok2 := number(s[5:7])
	d, ok3 := number(s[8:10])
	if !ok1 || !ok2 || !ok3 {
		return period.Date{}, false
	}
	return day(y, m, d)
}

// day makes a date of parts that are a real day.
func day(y, m, d int) (period.Date, bool) {
	if y < 1 || m < 1 || m > 12 || d < 1 || d > 31 {
		return period.Date{}, false
	}
	v := period.NewDate(y, time.Month(m), d)
	if d > 28 && v.Day() != d {
		return period.Date{}, false
	}
	if y == 1 {
		return period.Date{}, m == 1 && d == 1 // 0001-01-01 stands for nothing
	}
	return v, true
}

// number reads a short run of digits.
func number(s string) (int, bool) {
	n := 0
	for i := range len(s) {
		if s[i]-'0' > 9 {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, len(s) > 0 && len(s) < 6
}

// isoTime reads hh:mm[:ss[.fraction]][Z|±hh:mm].
func isoTime(d period.Date, s string) (moment, error) {
	clock, offset := s, ""
	if i := strings.IndexAny(s, "Zz+-"); i >= 0 {
		clock, offset = s[:i], s[i:]
	} else if rest, ok := strings.CutSuffix(s, " UTC"); ok {
		clock = rest
	}
	micros, ok := clockMicros(strings.TrimRight(clock, " "))
	if !ok {
		return moment{}, errDate
	}
	shift, ok := offsetMicros(offset)
	if !ok {
		return moment{}, errDate
	}
	if d.IsZero() {
		return moment{}, nil
	}
	const dayMicros = 86400e6
	micros -= shift
	switch {
	case micros < 0:
		d, micros = d.AddDays(-1), micros+dayMicros
	case micros >= dayMicros:
		d, micros = d.AddDays(1), micros-dayMicros
	}
	return moment{day: d, micros: micros}, nil
}

// offsetMicros reads "", Z, ±hh:mm or ±hhmm.
func offsetMicros(s string) (int64, bool) {
	if s == "" || s == "Z" || s == "z" {
		return 0, true
	}
	digits := strings.Replace(s[1:], ":", "", 1)
	h, ok1 := number(digits[:min(2, len(digits))])
	m, ok2 := number(digits[min(2, len(digits)):])
	if len(digits) != 4 || !ok1 || !ok2 || h > 14 || m > 59 {
		return 0, false
	}
	v := int64(h*60+m) * 60e6
	if s[0] == '-' {
		v = -v
	}
	return v, true
}

// clockMicros reads h:mm[:ss[.fraction]]; digits of the fraction below a microsecond are dropped.
func clockMicros(s string) (int64, bool) {
	whole, frac, dotted := strings.Cut(s, ".")
	if dotted && (frac == "" || len(frac) > 9 || strings.Trim(frac, "0123456789") != "") {
		return 0, false
	}
	parts := strings.Split(whole, ":")
	if len(parts) < 2 || len(parts) > 3 || dotted && len(parts) != 3 {
		return 0, false
	}
	limits, total := [3]int{23, 59, 59}, int64(0)
	for i := range 3 {
		n := 0
		if i < len(parts) {
			v, ok := number(parts[i])
			if !ok || v > limits[i] || len(parts[i]) > 2 {
				return 0, false
			}
			n = v
		}
		total = total*60 + int64(n)
	}
	micros := 0
	for i := range 6 {
		micros *= 10
		if i < len(frac) {
			micros += int(frac[i] - '0')
		}
	}
	return total*1e6 + int64(micros), true
}

// usMoment reads M/D/YYYY[ h:mm[:ss][ AM|PM]]; the year may have two digits, which the caller accepts or not.
func usMoment(s string) (moment, error) {
	date, clock, timed := strings.Cut(s, " ")
	parts := strings.Split(date, "/")
	if len(parts) != 3 || len(parts[0]) > 2 || len(parts[1]) > 2 {
		return moment{}, errDate
	}
	m, ok1 := number(parts[0])
	d, ok2 := number(parts[1])
	y, ok3 := number(parts[2])
	short := len(parts[2]) == 2
	if short {
		y += 2000
	}
	v, ok4 := day(y, m, d)
	if !ok1 || !ok2 || !ok3 || !ok4 || !short && len(parts[2]) != 4 {
		return moment{}, errDate
	}
	micros := int64(0)
	if timed {
		var ok bool
		if micros, ok = usClock(strings.TrimSpace(clock)); !ok {
			return moment{}, errDate
		}
	}
	if v.IsZero() {
		micros = 0
	}
	return moment{day: v, micros: micros, short: short}, nil
}

// usClock reads a 12-hour clock with AM or PM, or a 24-hour clock without.
func usClock(s string) (int64, bool) {
	upper := strings.ToUpper(s)
	clock, pm := strings.CutSuffix(upper, "PM")
	clock, am := strings.CutSuffix(clock, "AM")
	micros, ok := clockMicros(strings.TrimRight(clock, " \u202f"))
	if !ok || !am && !pm {
		return micros, ok
	}
	const hour = int64(3600e6)
	h := micros / hour
	if h < 1 || h > 12 {
		return 0, false
	}
	micros -= h * hour
	h %= 12
	if pm {
		h += 12
	}
	return micros + h*hour, true
}
