package rating_test

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

func d(s string) money.Decimal { return money.MustParse(s) }

func TestUsageAmountTruncatesTwice(t *testing.T) {
	t.Parallel()
	// G01 of the billing reference, as Microsoft prints it.
	for _, c := range []struct{ quantity, cost, eup string }{
		{"29", "21.39", "0.737586206896552"},
		{"210.950039", "155.63", "0.737757626107858"},
		{"555.950039", "410.17", "0.737782122900436"},
	} {
		if got := rating.UsageAmount(d("0.868").Mul(d("0.85")), d(c.quantity), d("1")); got.String() != c.cost {
			t.Errorf("%s units: cost %s, want %s", c.quantity, got, c.cost)
		}
		eup, err := d(c.cost).QuoRound(d(c.quantity), money.HalfUp, 15)
		if err != nil || eup.String() != c.eup {
			t.Errorf("%s units: effective unit price %s, want %s", c.quantity, eup, c.eup)
		}
	}
	if got := rating.UsageAmount(d("0.737782122900436"), d("555.950039"), d("0.846202666")); got.String() != "347.08" {
		t.Errorf("subtotal %s, want 347.08", got)
	}
}

func TestSeatModes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, price, quantity string
		share                 rating.Share
		unit, line            string
	}{
		{"G05 refund of 10", "-10.08", "10", rating.Share{Days: 28, Of: 30}, "-94.00", "-94.08"},
		{"G05 charge of 12", "10.08", "12", rating.Share{Days: 28, Of: 30}, "112.80", "112.89"},
		{"G06 refund of 10 after two days", "-12", "10", rating.Share{Days: 29, Of: 31}, "-112.20", "-112.25"},
		{"G06 charge of 15", "12", "15", rating.Share{Days: 29, Of: 31}, "168.30", "168.38"},
		{"G07 cancel", "-10.08", "10", rating.Share{Days: 29, Of: 31}, "-94.20", "-94.29"},
		{"G08 upgrade refund", "-10.08", "300", rating.Share{Days: 23, Of: 30}, "-2316.00", "-2318.40"},
		{"G08 upgrade charge", "6.43", "300", rating.Share{Days: 23, Of: 30}, "1476.00", "1478.90"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			eup := c.share.Apply(d(c.price))
			if got := rating.UnitAmount(eup, d(c.quantity), d("1")); got.Fixed(2) != c.unit {
				t.Errorf("unit mode %s, want %s", got, c.unit)
			}
			if got := rating.LineAmount(eup, d(c.quantity), d("1")); got.Fixed(2) != c.line {
				t.Errorf("line mode %s, want %s", got, c.line)
			}
		})
	}
}

func TestLegacyProration(t *testing.T) {
	t.Parallel()
	// G17: hu(4 x 3 / 30) = 0.40; x 17 = 6.80; / 3 = 2.27; x 3 = 6.81. The naive amount is 6.80.
	if got := rating.LegacyLicenceAmount(d("4"), d("3"), rating.Share{Days: 17, Of: 30}); got.String() != "6.81" {
		t.Errorf("got %s, want 6.81", got)
	}
	if got := rating.LegacyLicenceAmount(d("48"), d("1"), rating.Share{Days: 346, Of: 365}); got.String() != "44.98" {
		t.Errorf("annual: got %s, want 44.98", got)
	}
	// 745 x 0.085 = 63.325: half-up, where half-even would give 63.32.
	if got := rating.LegacyUsageAmount(d("0.085"), d("745")); got.String() != "63.33" {
		t.Errorf("legacy usage: got %s, want 63.33", got)
	}
}

func licence(chargeType, start, end, eup, quantity, subtotal string) *usage.Line {
	return &usage.Line{
		Family: usage.FamilyNewCommerce, PublisherName: "Microsoft", SubscriptionDescription: "Demo Suite", ChargeType: chargeType,
		TermAndBillingCycle: "One-Month commitment for monthly billing", BillingFrequency: "Monthly", Currency: "USD", PricingCurrency: "USD",
		FXRate: d("1"), UnitPrice: d("12"), EffectiveUnitPrice: d(eup), BillableQuantity: d(quantity), Subtotal: d(subtotal), Total: d(subtotal),
		ChargeStart: period.MustDate(start), ChargeEnd: period.MustDate(end),
		SubscriptionStart: period.MustDate("2022-03-05"), SubscriptionEnd: period.MustDate("2022-04-04"),
	}
}

func TestRecomputeRecognisesLineModeFromRoundedUnitPrices(t *testing.T) {
	t.Parallel()
	// G06: Microsoft prints unit prices rounded to cents; the subtotals follow from the unrounded ones.
	for _, l := range []*usage.Line{
		licence("new", "2022-03-05", "2022-04-04", "12.00", "10", "120.00"),
		licence("addQuantity", "2022-03-07", "2022-04-04", "-11.23", "10", "-112.25"),
		licence("addQuantity", "2022-03-07", "2022-04-04", "11.23", "15", "168.38"),
		licence("addQuantity", "2022-03-10", "2022-04-04", "-10.06", "15", "-150.96"),
		licence("removeQuantity", "2022-03-12", "2022-04-04", "-9.29", "25", "-232.25"),
		licence("removeQuantity", "2022-03-14", "2022-04-04", "8.52", "20", "170.32"),
		licence("addQuantity", "2022-03-25", "2022-04-04", "4.26", "30", "127.74"),
	} {
		u := rating.Recompute(l)
		if u.Mode != rating.ModeLine && u.Mode != rating.ModeEither || !u.Prorates {
			t.Errorf("%s %s: mode %s, expected %s, share %v", l.ChargeType, l.Subtotal, u.Mode, u.Expected, u.Share)
		}
	}
}

func TestCycleAnchors(t *testing.T) {
	t.Parallel()
	// B12: the monthly plan of an annual term bought on the last or last but one day keeps its distance from the
	// month's end; Microsoft's own end date tells which cycle a line is in.
	for _, c := range []struct{ bought, start, end, from string }{
		{"2021-01-31", "2021-02-28", "2021-03-30", "2021-02-28"},
		{"2021-01-31", "2021-03-31", "2021-04-29", "2021-03-31"},
		{"2021-01-30", "2021-02-27", "2021-03-29", "2021-02-27"},
		{"2021-01-30", "2021-04-29", "2021-05-29", "2021-04-29"},
		{"2021-01-15", "2021-03-20", "2021-04-14", "2021-03-15"},
	} {
		l := licence("cycleCharge", c.start, c.end, "12", "1", "12")
		l.TermAndBillingCycle = "One-Year commitment for monthly billing"
		l.SubscriptionStart, l.SubscriptionEnd = period.MustDate(c.bought), period.Date{}
		got, ok := rating.CycleOf(l)
		if !ok || got.From.String() != c.from {
			t.Errorf("bought %s, charged to %s: cycle from %s (%v), want %s", c.bought, c.end, got.From, ok, c.from)
		}
	}
}
