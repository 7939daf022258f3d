package recon_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/chandler-csp/chandler/internal/csp/recon"
	"github.com/chandler-csp/chandler/internal/csp/usage"
	"pgregory.net/rapid"
)

// seatLine is a licence line of subscription s: day of March, charge type, event, count (negative: a refund), and the
// product where it is not SUITE.
func seatLine(m *month, day int, kind, event string, count int64, product ...string) *usage.Line {
	s := seat{invoice: euros, tenant: bert, subscription: "s", price: "10.8", start: "2026-03-01", end: "2026-03-31", of: 31}
	if len(product) > 0 {
		s.product = product[0]
	}
	return m.seat(s.event(kind, event, march.First().AddDays(day-1).String(), int64(32-day), count))
}

func seatsOf(res recon.Result) string {
	words := ""
	for _, s := range res.Seats {
		words += fmt.Sprintf("%s %d ", s.ProductID, s.Seats)
	}
	return words
}

// Decision D11.
func TestSeatsAtTheEndOfTheMonth(t *testing.T) {
	t.Parallel()
	change := func(m *month, day int, event string, from, to int64) {
		seatLine(m, day, "addQuantity", event, -from)
		seatLine(m, day, "addQuantity", event, to)
	}
	for _, c := range []struct {
		name  string
		lines func(m *month)
		want  string
	}{
		{"a purchase", func(m *month) { seatLine(m, 5, "new", "a", 10) }, "SUITE 10 "},
		{"a cycle that is charged", func(m *month) { seatLine(m, 1, "cycleCharge", "a", 10) }, "SUITE 10 "},
		{"a change on a later day", func(m *month) { seatLine(m, 5, "new", "a", 10); change(m, 7, "b", 10, 12) }, "SUITE 12 "},
		{"a change on the day of the purchase", func(m *month) { change(m, 5, "b", 10, 12); seatLine(m, 5, "new", "a", 10) }, "SUITE 12 "},
		{"a change on the day of a cycle's charge", func(m *month) { seatLine(m, 5, "cycleCharge", "a", 10); change(m, 5, "b", 10, 12) }, "SUITE 12 "},
		{"two changes on one day", func(m *month) { change(m, 7, "c", 12, 15); change(m, 7, "b", 10, 12) }, "SUITE 15 "},
		{"three changes on the day of the purchase", func(m *month) {
			change(m, 5, "d", 15, 10)
			change(m, 5, "c", 12, 15)
			seatLine(m, 5, "new", "a", 10)
			change(m, 5, "b", 10, 12)
		}, "SUITE 10 "},
		{"there and back on one day", func(m *month) { seatLine(m, 5, "new", "a", 10); change(m, 7, "b", 10, 12); change(m, 7, "c", 12, 10) }, "SUITE 10 "},
		{"there, back and there again", func(m *month) { change(m, 7, "b", 10, 12); change(m, 7, "c", 12, 10); change(m, 7, "d", 10, 12) }, "SUITE 12 "},
		{"a cancel", func(m *month) { seatLine(m, 5, "new", "a", 10); seatLine(m, 7, "cancelImmediate", "b", -10) }, "SUITE 0 "},
		{"a cancel on the day of the purchase", func(m *month) { seatLine(m, 5, "cancelImmediate", "b", -10); seatLine(m, 5, "new", "a", 10) }, "SUITE 0 "},
		{"a cancel on the day of a change", func(m *month) { change(m, 7, "b", 10, 12); seatLine(m, 7, "cancelImmediate", "c", -12) }, "SUITE 0 "},
		{"a cancel in the month after the purchase", func(m *month) { seatLine(m, 1, "cancelImmediate", "b", -10) }, "SUITE 0 "},
		{"an upgrade of all seats", func(m *month) {
			seatLine(m, 5, "convert", "b", -10)
			seatLine(m, 5, "convert", "b", 10, "PLUS")
		}, "PLUS 10 SUITE 0 "},
		{"an upgrade of some seats", func(m *month) {
			seatLine(m, 5, "convert", "b", -10)
			seatLine(m, 5, "convert", "b", 6)
			seatLine(m, 5, "convert", "b", 4, "PLUS")
		}, "PLUS 4 SUITE 6 "},
		{"seats that move to an offer that has some", func(m *month) {
			for _, l := range []struct {
				count   int64
				product string
			}{{-10, "SUITE"}, {6, "SUITE"}, {-3, "PLUS"}, {7, "PLUS"}} {
				seatLine(m, 5, "moveQuantity", "b", l.count, l.product)
			}
		}, "PLUS 7 SUITE 6 "},
		{"a renewal", func(m *month) { seatLine(m, 1, "renew", "a", 10) }, "SUITE 10 "},
		{"another billing plan", func(m *month) { seatLine(m, 1, "changeBillingPlan", "a", 10) }, "SUITE 10 "},
		{"a credit says nothing of seats", func(m *month) {
			seatLine(m, 5, "new", "a", 10)
			seatLine(m, 9, "customerCredit", "b", -3)
		}, "SUITE 10 "},
		{"an unknown charge type still counts seats", func(m *month) { seatLine(m, 5, "surchargeFee", "a", 10) }, "SUITE 10 "},
		{"a trial is free and has seats", func(m *month) {
			l := seatLine(m, 5, "new", "a", 25)
			l.UnitPrice, l.EffectiveUnitPrice = d("0"), d("0")
			m.total(l, d("0.00"))
		}, "SUITE 25 "},
		{"a refund of a cent that is cut to nothing is a refund", func(m *month) {
			l := seatLine(m, 5, "cancelImmediate", "b", -1)
			l.EffectiveUnitPrice = d("-0.004")
			m.total(l, d("0.00"))
		}, "SUITE 0 "},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, reversed := range []bool{false, true} { // lines come in any order
				m := newMonth()
				m.open(euros, "EUR", "1", "0")
				c.lines(m)
				m.close()
				if reversed {
					slices.Reverse(m.lines)
				}
				if got := seatsOf(m.check()); got != c.want {
					t.Errorf("reversed %v: %s, want %s", reversed, got, c.want)
				}
			}
		})
	}
}

// Whatever happened to a subscription since its purchase in the month, its lines tell the seats at the end.
func TestSeatsFollowAnyHistory(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := newMonth()
		m.open(euros, "EUR", "1", "0")
		now, day := rapid.Int64Range(1, 5).Draw(t, "bought"), rapid.IntRange(1, 20).Draw(t, "day")
		seatLine(m, day, "new", "bought", now)
		for i := range rapid.IntRange(0, 6).Draw(t, "changes") {
			day = min(31, day+rapid.IntRange(0, 2).Draw(t, "days later"))
			next := rapid.Int64Range(1, 5).Filter(func(n int64) bool { return n != now }).Draw(t, "seats")
			seatLine(m, day, "addQuantity", fmt.Sprint(i), -now)
			seatLine(m, day, "addQuantity", fmt.Sprint(i), next)
			now = next
		}
		if rapid.Bool().Draw(t, "cancelled") {
			seatLine(m, day, "cancelImmediate", "end", -now)
			now = 0
		}
		m.lines = rapid.Permutation(m.lines).Draw(t, "order")
		m.close()
		if got, want := seatsOf(m.check()), fmt.Sprintf("SUITE %d ", now); got != want {
			t.Fatalf("%s, want %s", got, want)
		}
	})
}
