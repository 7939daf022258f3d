package billing

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/period"
	"pgregory.net/rapid"
)

func TestNumbersFollowThePattern(t *testing.T) {
	t.Parallel()
	on := period.MustDate("2026-04-10")
	for _, c := range []struct {
		pattern string
		n       int64
		want    string
	}{
		{"{n}", 7, "7"},
		{"R{year}-{n:05}", 42, "R2026-00042"},
		{"{year}/{month}/{n:03}", 1234, "2026/04/1234"},
		{"INV-{n:010}", 1, "INV-0000000001"},
	} {
		got, err := FormatNumber(NumberSeries{Pattern: c.pattern}, on, c.n)
		if err != nil || got != c.want {
			t.Errorf("%s: %q %v, want %q", c.pattern, got, err, c.want)
		}
	}
	for _, bad := range []string{"", "R{year}", "{n}{n}", "{day}{n}", "{n:5}", "{n", "{N}", "{n}\n"} {
		if got, err := FormatNumber(NumberSeries{Pattern: bad}, on, 1); err == nil {
			t.Errorf("pattern %q gives %q, want it refused", bad, got)
		}
	}
}

func TestCounterStartsAnewWithTheYearThatThePatternNames(t *testing.T) {
	t.Parallel()
	on := period.MustDate("2026-12-31")
	if s := (NumberSeries{Pattern: "{year}{n}"}); s.CounterScope(on) != "2026" || s.CounterScope(on.AddDays(1)) != "2027" {
		t.Error("a pattern with the year counts by year")
	}
	if s := (NumberSeries{Pattern: "{n}"}); s.CounterScope(on) != s.CounterScope(on.AddDays(1)) {
		t.Error("a pattern without the year never starts anew")
	}
	if (NumberSeries{}).First() != 1 || (NumberSeries{Start: 500}).First() != 500 {
		t.Error("the first number is 1, or Start")
	}
}

func TestNumbersOfOneScopeDiffer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.SampledFrom([]string{"{n}", "R{year}-{n:05}", "{n:03}-{month}", "{year}{month}{n:02}"}).Draw(t, "pattern")
		a, b := rapid.Int64Range(1, 1e9).Draw(t, "a"), rapid.Int64Range(1, 1e9).Draw(t, "b")
		on := period.MustDate("2026-01-01").AddDays(rapid.IntRange(0, 364).Draw(t, "day"))
		x, _ := FormatNumber(NumberSeries{Pattern: pattern}, on, a)
		y, _ := FormatNumber(NumberSeries{Pattern: pattern}, on, b)
		if (x == y) != (a == b) {
			t.Fatalf("%d is %s, %d is %s", a, x, b, y)
		}
	})
}
