package pricing

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"pgregory.net/rapid"
)

// usageLine is a line of metered usage.
func usageLine() Subject {
	s := line("82.37", "96.91")
	s.TenantID, s.CustomerID, s.SubscriptionID = "TENANT-1", "cus_1", "sub-1"
	s.ProductCategory, s.ProductID, s.SkuID, s.ChargeType = "Azure plan", "DZH1", "0001", "new"
	s.MeterIDs, s.Tags, s.On = []string{"ABC-Meter"}, []string{"Env=prod"}, period.MustDate("2026-03-31")
	return s
}

func cost(id string, sequence int64, s Selector) Rule {
	return Rule{ID: id, Sequence: sequence, Select: s, Base: BaseCost}
}

func winner(t *testing.T, d Decision) string {
	t.Helper()
	if d.Winner == nil {
		return ""
	}
	return d.Winner.ID
}

func TestStrongerRuleWins(t *testing.T) {
	t.Parallel()
	low := cost("priority", 9, Selector{})
	low.Priority = 1
	for _, c := range []struct {
		name   string
		rules  []Rule
		want   string
		reason string // of the first loser
	}{
		{"priority before keys", []Rule{cost("keys", 1, Selector{TenantID: "tenant-1", Currency: "EUR"}), low}, "priority", "priority 0, rule priority has 1"},
		{"more keys first", []Rule{cost("one", 1, Selector{MeterID: "abc-meter"}), cost("two", 2, Selector{TenantID: "tenant-1", Currency: "EUR"})}, "two", "selects by 1 key, rule two by 2"},
		{"charge type over meter", []Rule{cost("meter", 1, Selector{MeterID: "abc-meter"}), cost("charge", 2, Selector{ChargeType: "NEW"})}, "charge", "rule charge names a charge type, which is more specific than a meter"},
		{"meter over product", []Rule{cost("product", 1, Selector{ProductID: "dzh1"}), cost("meter", 2, Selector{MeterID: "abc-meter"})}, "meter", "rule meter names a meter, which is more specific than a product or SKU"},
		{"product over category", []Rule{cost("category", 1, Selector{ProductCategory: "AZURE PLAN"}), cost("product", 2, Selector{ProductID: "DZH1"})}, "product", "rule product names a product or SKU, which is more specific than a product category"},
		{"category over others", []Rule{cost("tenant", 1, Selector{TenantID: "tenant-1"}), cost("category", 2, Selector{ProductCategory: "azure plan"})}, "category", "rule category names a product category, which is more specific than none of charge type, meter, product and category"},
		{"the earlier added", []Rule{cost("late", 2, Selector{}), cost("early", 1, Selector{})}, "early", "as specific as rule early, which was added earlier"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := winner(t, NewBook(c.rules).Match(usageLine())); got != c.want {
				t.Errorf("rule %s wins, want %s", got, c.want)
			}
			d := NewBook(c.rules).Explain(usageLine())
			if len(d.Losers) != 1 || d.Losers[0].Reason != c.reason {
				t.Errorf("losers %+v, want %q", d.Losers, c.reason)
			}
		})
	}
}

func TestSelectorKeysFitTheirLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		s    Selector
		fits bool
	}{
		{"GUIDs have no case", Selector{TenantID: "tenant-1", MeterID: "abc-METER"}, true},
		{"categories have no case", Selector{ProductCategory: "azure PLAN"}, true},
		{"a SKU with or without its zeros", Selector{SkuID: "1"}, true},
		{"another SKU", Selector{SkuID: "0010"}, false},
		{"a tag by name", Selector{Tag: "env"}, true},
		{"a tag by name and value", Selector{Tag: "ENV=prod"}, true},
		{"another value", Selector{Tag: "Env=PROD"}, false},
		{"a missing group", Selector{CustomerGroup: "gold"}, false},
		{"a missing reseller", Selector{ResellerMpnID: "6048879"}, false},
		{"one key of two", Selector{TenantID: "tenant-1", Segment: "Education"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := winner(t, NewBook([]Rule{cost("r", 1, c.s)}).Match(usageLine())) == "r"; got != c.fits {
				t.Errorf("fits %v, want %v", got, c.fits)
			}
		})
	}
	s := usageLine()
	s.MeterIDs = append(s.MeterIDs, "other")
	if winner(t, NewBook([]Rule{cost("r", 1, Selector{MeterID: "abc-meter"})}).Match(s)) != "" {
		t.Error("a line of two meters has no one price per unit of the first")
	}
}

func TestValidityIsInclusiveOfBothDays(t *testing.T) {
	t.Parallel()
	r := cost("r", 1, Selector{})
	r.ValidFrom, r.ValidTo = period.MustDate("2026-03-01"), period.MustDate("2026-03-31")
	for day, want := range map[string]string{"2026-02-28": "", "2026-03-01": "r", "2026-03-31": "r", "2026-04-01": "", "": ""} {
		s := usageLine()
		s.On = period.MustDate(day)
		if got := winner(t, NewBook([]Rule{r}).Match(s)); got != want {
			t.Errorf("on %q rule %q wins, want %q", day, got, want)
		}
	}
}

func TestRuleWithoutTheCurrencyLosesToTheNext(t *testing.T) {
	t.Parallel()
	fixed := Rule{ID: "fixed", Priority: 9, Base: BaseFixed, FixedPrice: map[money.Currency]money.Decimal{"USD": dec("1")}}
	francs := Rule{ID: "francs", Priority: 8, Base: BaseCost, Currency: "CHF", FX: &FX{Source: "microsoft"}}
	unit := Rule{ID: "unit", Priority: 7, Base: BaseCost, Operations: []Operation{{PerUnit: map[money.Currency]money.Decimal{"USD": dec("1")}}}}
	book := NewBook([]Rule{cost("next", 1, Selector{}), unit, francs, fixed})
	d := book.Explain(usageLine())
	if winner(t, d) != "next" || winner(t, book.Match(usageLine())) != "next" || len(d.Losers) != 3 {
		t.Fatalf("winner %v, losers %+v", d.Winner, d.Losers)
	}
	for i, want := range []string{"it has no fixed price in EUR", "no exchange rate from EUR to CHF is known", "it has no amount per unit in EUR"} {
		if d.Losers[i].Reason != want {
			t.Errorf("reason %q, want %q", d.Losers[i].Reason, want)
		}
	}
	rated := book.WithRates(func(source string, from, to money.Currency, _ period.Date) (Rate, bool) {
		return Rate{dec("0.94"), source, period.MustDate("2026-03-01")}, from == "EUR" && to == "CHF"
	})
	d = rated.Match(usageLine())
	p := rated.Price(usageLine(), d.Winner)
	if winner(t, d) != "francs" || p.Rounded.String() != "77.43" || p.Exchange.Source != "microsoft" || p.Exchange.On.String() != "2026-03-01" {
		t.Errorf("with a rate: %s sells at %s %s, %+v", winner(t, d), p.Rounded, p.Currency, p.Exchange)
	}
}

func TestExplainTellsWhyEveryRuleLost(t *testing.T) {
	t.Parallel()
	old := cost("old", 1, Selector{})
	old.ValidTo = period.MustDate("2025-12-31")
	book := NewBook([]Rule{
		cost("other", 2, Selector{MeterID: "xyz", Segment: "Education"}), old, cost("wins", 3, Selector{ChargeType: "new"}),
		{ID: "fee", Select: Selector{ProductCategory: "Azure plan"}, MinimumFee: eur("50")},
		{ID: "suite", Bundle: &Bundle{SKU: "S", Price: eur("1"), Components: []Component{{ProductID: "P", Weight: dec("1")}}}},
	})
	d := book.Explain(usageLine())
	if winner(t, d) != "wins" || len(d.Minimums) != 1 || d.Minimums[0].ID != "fee" {
		t.Fatalf("decision %+v", d)
	}
	want := map[string]string{
		"other": "it is for meter xyz, the line has ABC-Meter; it is for segment Education, which the line does not have",
		"old":   "it was valid through 2025-12-31, the line is of 2026-03-31",
		"suite": "a bundle: it prices all its component lines together",
	}
	for _, l := range d.Losers {
		if want[l.Rule.ID] != l.Reason {
			t.Errorf("%s: %q, want %q", l.Rule.ID, l.Reason, want[l.Rule.ID])
		}
	}
	if len(d.Losers) != len(want) {
		t.Errorf("%d losers, want %d", len(d.Losers), len(want))
	}
}

func TestLineWithoutRuleSellsAtRetailOrCost(t *testing.T) {
	t.Parallel()
	book := NewBook(nil)
	d := book.Match(usageLine())
	if d.Winner != nil {
		t.Fatal("an empty book has no winner")
	}
	licence := line("10.00", "0")
	licence.Retail, licence.HasRetail = licence.Cost, false
	if p := book.Price(licence, nil); p.Rounded.String() != "10.00" || !strings.Contains(p.Steps[0].Words, "has no retail") {
		t.Errorf("without retail: %+v", p)
	}
}

func drawSelector(t *rapid.T) Selector {
	pick := func(name string, values ...string) string { return rapid.SampledFrom(append(values, "")).Draw(t, name) }
	return Selector{
		TenantID: pick("tenant", "tenant-1", "tenant-2"), SubscriptionID: pick("subscription", "sub-1"),
		MeterID: pick("meter", "abc-meter", "other"), ProductID: pick("product", "dzh1", "dzh2"),
		ProductCategory: pick("category", "azure plan", "licence"), ChargeType: pick("charge", "new", "renew"),
	}
}

// The winner does not depend on the order in which rules are given, the index finds what a plain search finds, and
// every rule of the book is the winner, a minimum or a loser with a reason.
func TestEveryRuleHasOnePlace(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var rules []Rule
		for i := range rapid.IntRange(0, 12).Draw(rt, "rules") {
			r := cost(strconv.Itoa(i), int64(i), drawSelector(rt))
			r.Priority = rapid.IntRange(0, 1).Draw(rt, "priority")
			if rapid.IntRange(0, 4).Draw(rt, "kind") == 0 {
				r.Base, r.MinimumFee = "", eur("1")
			}
			rules = append(rules, r)
		}
		s := usageLine()
		a, b := NewBook(rules), NewBook(rapid.Permutation(rules).Draw(rt, "order"))
		matched, explained := a.Match(s), b.Explain(s)
		if (matched.Winner == nil) != (explained.Winner == nil) || matched.Winner != nil && matched.Winner.ID != explained.Winner.ID {
			rt.Fatalf("winner %v, in another order %v", matched.Winner, explained.Winner)
		}
		if len(matched.Minimums) != len(explained.Minimums) {
			rt.Fatalf("minimums %v, %v", matched.Minimums, explained.Minimums)
		}
		places := map[string]int{}
		if explained.Winner != nil {
			places[explained.Winner.ID]++
		}
		for _, m := range explained.Minimums {
			places[m.ID]++
		}
		for _, l := range explained.Losers {
			places[l.Rule.ID]++
			if l.Reason == "" {
				rt.Fatalf("%s lost without a reason", l.Rule.ID)
			}
		}
		for _, r := range rules {
			if places[r.ID] != 1 {
				rt.Fatalf("rule %s stands in %d places", r.ID, places[r.ID])
			}
		}
	})
}

func BenchmarkMatchAndPriceFiftyRules(b *testing.B) {
	var rules []Rule
	for i := range 50 {
		s := Selector{ProductCategory: "Azure plan"}
		switch i % 3 {
		case 0:
			s.MeterID = fmt.Sprintf("meter-%d", i)
		case 1:
			s.CustomerGroup = fmt.Sprintf("group-%d", i)
		}
		rules = append(rules, Rule{ID: strconv.Itoa(i), Sequence: int64(i), Select: s, Base: BaseRetail, Operations: []Operation{{Percent: ptr("7")}}})
	}
	book, s := NewBook(rules), usageLine()
	b.ReportAllocs()
	for b.Loop() {
		book.Amount(s, book.Match(s).Winner)
	}
}
