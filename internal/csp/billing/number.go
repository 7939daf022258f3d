package billing

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// placeholder finds {year}, {month}, {n} and {n:05}, and also the misspelt ones.
var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// counterWidth is how wide {n:05} may be padded.
var counterWidth = regexp.MustCompile(`^n(?::0([1-9][0-9]?))?$`)

// Validate reports what is wrong with a pattern: no {n}, more than one, or a placeholder that is not known. An empty
// pattern is none yet and is reported when a document is issued.
func (s NumberSeries) Validate() []errs.Field {
	if s.Pattern == "" {
		return nil
	}
	var fields []errs.Field
	fault := func(place, detail string) {
		fields = append(fields, errs.Field{Place: place, Code: "value", Detail: detail})
	}
	counters := 0
	for _, m := range placeholder.FindAllStringSubmatch(s.Pattern, -1) {
		switch {
		case m[1] == "year" || m[1] == "month":
		case counterWidth.MatchString(m[1]):
			counters++
		default:
			fault("/pattern", fmt.Sprintf("%s is not one of {year}, {month}, {n}, {n:05}", m[0]))
		}
	}
	if counters != 1 {
		fault("/pattern", fmt.Sprintf("%q names the counter {n} %d times, want once", s.Pattern, counters))
	}
	if strings.ContainsAny(placeholder.ReplaceAllString(s.Pattern, ""), "{}\n\r\t") {
		fault("/pattern", "a brace stands alone, or a control character")
	}
	if s.Start < 0 {
		fault("/start", "want 1 or more")
	}
	return fields
}

// CounterScope names the counter that a document issued on a day takes its number from: it starts anew with each year
// when the pattern names the year, and never otherwise.
func (s NumberSeries) CounterScope(on period.Date) string {
	if strings.Contains(s.Pattern, "{year}") {
		return strconv.Itoa(on.Year())
	}
	return "all"
}

// First is the first number of the counter.
func (s NumberSeries) First() int64 { return max(1, s.Start) }

// FormatNumber writes the n-th number of the series for a document issued on a day.
func FormatNumber(s NumberSeries, on period.Date, n int64) (string, error) {
	if err := errs.Join("series.invalid", "the number series is not valid", s.Validate()); err != nil {
		return "", err
	}
	if s.Pattern == "" {
		return "", errs.New(errs.Precondition, "series.missing", "the seller has no number series")
	}
	month := on.Month()
	return placeholder.ReplaceAllStringFunc(s.Pattern, func(found string) string {
		switch name := found[1 : len(found)-1]; name {
		case "year":
			return fmt.Sprintf("%04d", month.Year)
		case "month":
			return fmt.Sprintf("%02d", int(month.Month))
		default:
			width, _ := strconv.Atoi(counterWidth.FindStringSubmatch(name)[1]) // none: 0, no padding
			return fmt.Sprintf("%0*d", width, n)
		}
	}), nil
}
