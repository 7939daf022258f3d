package rating_test

import (
	"fmt"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// lateFebruary is the line of late usage: its charge dates are the earlier month's.
func lateFebruary(l *usage.Line) {
	l.ID += "/late"
	l.ChargeStart, l.ChargeEnd = period.MustDate("2026-02-01"), period.MustDate("2026-02-28")
}

// only is the one bucket that lines and usage make.
func only(t *testing.T, lines []*usage.Line, groups []usage.Group) *rating.Bucket {
	t.Helper()
	buckets := rating.Join(lines, rating.List(groups, demoSheet()), nil)
	if len(buckets) != 1 {
		t.Fatalf("%d buckets, want 1", len(buckets))
	}
	for _, b := range buckets {
		return b
	}
	return nil
}

// shares writes which quantities each line got, and what is stray.
func shares(b *rating.Bucket) string {
	words := ""
	for i := range b.Lines {
		words += "["
		for _, g := range b.Share[i] {
			words += " " + g.Quantity.Plain()
		}
		words += " ]"
	}
	for _, g := range b.Stray {
		words += " stray " + g.Quantity.Plain()
	}
	return words
}

func TestUsageGoesToTheLineWhoseDatesHoldIt(t *testing.T) {
	t.Parallel()
	march := used("006G", "2026-03-01", "2026-03-31", "100", "0.5")
	february := used("006G", "2026-02-27", "2026-02-28", "7", "0.5")
	april := used("006G", "2026-04-01", "2026-04-01", "3", "0.5")
	line := metered("006G", "0.5", "0.5", "100", "50.00")
	late := metered("006G", "0.5", "0.5", "7", "3.50", lateFebruary)
	for _, c := range []struct {
		name   string
		lines  []*usage.Line
		groups []usage.Group
		want   string
	}{
		{"late usage has a line of its own (D06)", []*usage.Line{line, late}, []usage.Group{february, march}, "[ 100 ][ 7 ]"},
		{"in any order", []*usage.Line{late, line}, []usage.Group{march, february}, "[ 7 ][ 100 ]"},
		{"late usage whose line is missing is charged by none", []*usage.Line{line}, []usage.Group{february, march}, "[ 100 ] stray 7"},
		{"usage of another month that the line's quantity counts is the line's", []*usage.Line{metered("006G", "0.5", "0.5", "103", "51.50")}, []usage.Group{march, april}, "[ 100 3 ] stray 3"},
		{"stray usage goes to the line that lacks its quantity", []*usage.Line{metered("006G", "0.5", "0.5", "3", "1.50", lateFebruary), line}, []usage.Group{march, april}, "[ 3 ][ 100 ] stray 3"},
		{"a line without usage", []*usage.Line{line}, nil, "[ ]"},
		{"usage without a line", nil, []usage.Group{march}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := shares(only(t, c.lines, c.groups)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestBucketsKeepApartWhatMicrosoftKeepsApart(t *testing.T) {
	t.Parallel()
	groups := []usage.Group{
		used("006G", "2026-03-01", "2026-03-31", "648", "0.5", withPEC), used("006G", "2026-03-04", "2026-03-07", "96", "0.5"),
		used("006T", "2026-03-01", "2026-03-01", "1", "1"), used("006G", "2026-03-01", "2026-03-31", "5", "0.5", covered),
		used("006G", "2026-03-01", "2026-03-31", "2", "0.5", func(g *usage.Group) { g.AvailabilityID = "other" }),
		used("006G", "2026-03-01", "2026-03-31", "3", "0.5", func(g *usage.Group) { g.InvoiceNumber = "G2" }),
	}
	lines := []*usage.Line{
		metered("006G", "0.5", "0.425", "648", "275.40", credited), metered("006G", "0.5", "0.5", "96", "48.00"),
		metered("006G", "0.5", "0.5", "1", "0.5", func(l *usage.Line) { l.ChargeType = "customerCredit" }),
	}
	got := map[string]string{}
	for k, b := range rating.Join(lines, rating.List(groups, demoSheet()), nil) {
		got[fmt.Sprint(k.InvoiceNumber, k.SkuID, k.AvailabilityID, k.PEC)] = fmt.Sprintf("%d lines, %s used, billed %s", len(b.Lines), b.UsageQuantity().Plain(), b.UsageBilled().Plain())
	}
	want := map[string]string{
		"G002297372006GDZH318Z08B80true": "1 lines, 648 used, billed 275.4", "G002297372006GDZH318Z08B80false": "1 lines, 96 used, billed 48",
		"G002297372006TDZH318Z08B80false": "0 lines, 1 used, billed 1", "G002297372006Gotherfalse": "0 lines, 2 used, billed 1",
		"G2006GDZH318Z08B80false": "0 lines, 3 used, billed 1.5",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestALineMayBeJoinedOnItsTrueInvoice(t *testing.T) {
	t.Parallel()
	line := metered("006G", "0.5", "0.5", "100", "50.00", func(l *usage.Line) { l.InvoiceNumber = "G999" })
	listed := rating.List([]usage.Group{used("006G", "2026-03-01", "2026-03-31", "100", "0.5")}, demoSheet())
	if n := len(rating.Join([]*usage.Line{line}, listed, nil)); n != 2 {
		t.Errorf("%d buckets by the line's own number, want 2", n)
	}
	buckets := rating.Join([]*usage.Line{line}, listed, func(*usage.Line) string { return invoice })
	if len(buckets) != 1 {
		t.Errorf("%d buckets by its true number, want 1", len(buckets))
	}
}
