package service

import (
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"pgregory.net/rapid"
)

func dec(s string) money.Decimal { return money.MustParse(s) }

func ptr(s string) *money.Decimal { d := dec(s); return &d }

var march = period.MustMonth("2026-03")

func support(change func(*Service)) Service {
	s := Service{
		ID: "svc_1", CustomerID: "cus_1", Name: "Support", Model: Recurring, Timing: Arrears, Currency: "EUR",
		Price: dec("100.00"), Quantity: dec("2"), Cost: dec("10.00"), Prorate: true, From: period.MustDate("2026-01-01"),
	}
	change(&s)
	return s
}

// azure is a spend of 1234.56 EUR.
func azure(customer string, c money.Currency) (sum Spending) {
	if customer == "cus_1" && c == "EUR" {
		sum.Add(dec("1234.56"), "Azure spend 1234.56 EUR")
	}
	return sum
}

func TestServiceIsChargedByItsModel(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(*Service)
		want   string // from..to net cost, for each charge
	}{
		{"in arrears covers the month", func(*Service) {}, "2026-03-01..2026-03-31 200.00 20.00"},
		{"in advance covers the next month", func(s *Service) { s.Timing = Advance }, "2026-04-01..2026-04-30 200.00 20.00"},
		{
			"in advance covers its first month too", func(s *Service) { s.Timing, s.From = Advance, period.MustDate("2026-03-22") },
			"2026-03-22..2026-03-31 64.52 6.45; 2026-04-01..2026-04-30 200.00 20.00",
		},
		{"in advance does not begin before its month", func(s *Service) { s.Timing, s.From = Advance, period.MustDate("2026-04-01") }, ""},
		{"in arrears from its first day", func(s *Service) { s.From = period.MustDate("2026-03-22") }, "2026-03-22..2026-03-31 64.52 6.45"},
		{"through its last day", func(s *Service) { s.To = period.MustDate("2026-03-10") }, "2026-03-01..2026-03-10 64.52 6.45"},
		{"a whole month without proration", func(s *Service) { s.To, s.Prorate = period.MustDate("2026-03-10"), false }, "2026-03-01..2026-03-10 200.00 20.00"},
		{"nothing after its end", func(s *Service) { s.To = period.MustDate("2026-02-28") }, ""},
		{"an end stops the advance", func(s *Service) { s.Timing, s.To = Advance, period.MustDate("2026-03-31") }, ""},
		{"once in its month", func(s *Service) { s.Model, s.From = OneTime, period.MustDate("2026-03-05") }, "2026-03-05..2026-03-05 200.00 20.00"},
		{"once and never again", func(s *Service) { s.Model, s.From = OneTime, period.MustDate("2026-02-05") }, ""},
		{
			"by recorded units", func(s *Service) {
				s.Model, s.Price, s.Recorded = Usage, dec("0.335"), map[period.Month]money.Decimal{march: dec("7")}
			},
			"2026-03-01..2026-03-31 2.35 70.00", // 2.345 half-up
		},
		{"no units, no charge", func(s *Service) { s.Model = Usage }, ""},
		{"by percentage of Azure spend", func(s *Service) { s.Model, s.Percent = Percentage, dec("5") }, "2026-03-01..2026-03-31 61.73 10.00"},
		{"percentage with a minimum", func(s *Service) { s.Model, s.Percent, s.Minimum = Percentage, dec("5"), ptr("75") }, "2026-03-01..2026-03-31 75.00 10.00"},
		{"percentage with a maximum", func(s *Service) { s.Model, s.Percent, s.Maximum = Percentage, dec("5"), ptr("50") }, "2026-03-01..2026-03-31 50.00 10.00"},
		{"minimum without spend", func(s *Service) {
			s.Model, s.CustomerID, s.Percent, s.Minimum = Percentage, "cus_2", dec("5"), ptr("75")
		}, "2026-03-01..2026-03-31 75.00 10.00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := support(c.change)
			if faults := s.Validate(); len(faults) != 0 {
				t.Fatalf("service at fault: %v", faults)
			}
			var got []string
			for _, ch := range Charges([]Service{s}, march, azure) {
				got = append(got, ch.From.String()+".."+ch.To.String()+" "+ch.Net.Fixed(2)+" "+ch.Cost.Fixed(2))
				if n := len(ch.Steps); n < 2 || !ch.Steps[n-1].Amount.Equal(ch.Net) {
					t.Errorf("the derivation does not end at %s: %v", ch.Net, ch.Steps)
				}
			}
			if joined := strings.Join(got, "; "); joined != c.want {
				t.Errorf("charges %q, want %q", joined, c.want)
			}
		})
	}
}

// Whenever a recurring service starts and ends, every one of its days is charged on exactly one invoice.
func TestEveryDayIsChargedOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		first := period.MustDate("2026-01-01")
		s := support(func(s *Service) {
			s.Timing = rapid.SampledFrom([]Timing{Advance, Arrears}).Draw(rt, "timing")
			s.Prorate = rapid.Bool().Draw(rt, "prorate")
			s.From = first.AddDays(rapid.IntRange(0, 200).Draw(rt, "from"))
			s.To = s.From.AddDays(rapid.IntRange(0, 200).Draw(rt, "days"))
		})
		charged := map[period.Date]int{}
		for m := period.MustMonth("2025-11"); m.Before(period.MustMonth("2027-06")); m = m.Add(1) {
			for _, c := range Charges([]Service{s}, m, nil) {
				for d := c.From; !d.After(c.To); d = d.AddDays(1) {
					charged[d]++
				}
			}
		}
		for d := s.From; !d.After(s.To); d = d.AddDays(1) {
			if charged[d] != 1 {
				rt.Fatalf("%s is charged %d times", d, charged[d])
			}
			delete(charged, d)
		}
		if len(charged) > 0 {
			rt.Fatalf("days outside the service are charged: %v", charged)
		}
	})
}

// A part of a month never costs more than the whole, and its parts cost what the whole costs but for rounding.
func TestProrationNeverExceedsTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		day := march.First().AddDays(rapid.IntRange(0, 29).Draw(rt, "day"))
		price := money.New(rapid.Int64Range(0, 1e6).Draw(rt, "price"), -2)
		head := support(func(s *Service) { s.From, s.To, s.Price, s.Quantity = march.First(), day, price, dec("1") })
		tail := support(func(s *Service) { s.From, s.Price, s.Quantity = day.AddDays(1), price, dec("1") })
		a, b := Charges([]Service{head}, march, nil)[0].Net, Charges([]Service{tail}, march, nil)[0].Net
		if price.Less(a) || price.Less(b) || dec("0.01").Less(a.Add(b).Sub(price).Abs()) {
			rt.Fatalf("%s splits into %s and %s", price, a, b)
		}
	})
}

func TestServiceReportsEveryFault(t *testing.T) {
	t.Parallel()
	s := Service{Model: Recurring, Timing: "never", Price: dec("-1"), Minimum: ptr("5"), To: march.First()}
	s.From = march.Last()
	var places []string
	for _, f := range s.Validate() {
		places = append(places, f.Place)
	}
	want := "/customer_id /name /currency /to /price /quantity /timing /minimum"
	if got := strings.Join(places, " "); got != want {
		t.Errorf("faults %s, want %s", got, want)
	}
	if f := (Service{Model: "rent"}).Validate(); f[len(f)-1].Place != "/model" {
		t.Errorf("an unknown model: %v", f)
	}
}
