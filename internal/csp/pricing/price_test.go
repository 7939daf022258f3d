package pricing

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"pgregory.net/rapid"
)

func TestStepsTellThePrice(t *testing.T) {
	t.Parallel()
	r := &Rule{Base: BaseRetail, PECSharePercent: ptr("50"), Operations: []Operation{{Percent: ptr("-20")}, {Floor: "cost"}}}
	p := NewBook(nil).Price(line("82.37", "96.91"), r)
	want := []struct{ words, amount string }{
		{"retail in EUR", "96.91"},
		{"- 50 % of partner earned credit 14.54", "89.64"},
		{"x (1 - 20 %)", "71.712"},
		{"never below cost 82.37", "82.37"},
		{"half-up to 2 decimals on the line", "82.37"},
	}
	if len(p.Steps) != len(want) {
		t.Fatalf("steps %+v", p.Steps)
	}
	for i, w := range want {
		if p.Steps[i].Words != w.words || p.Steps[i].Amount.Plain() != w.amount {
			t.Errorf("step %d: %q %s, want %q %s", i, p.Steps[i].Words, p.Steps[i].Amount, w.words, w.amount)
		}
	}
}

func TestRefundMirrorsItsSale(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]*Rule{
		"floor":    {Base: BaseRetail, Operations: []Operation{{Percent: ptr("-20")}, {Floor: "cost"}}},
		"minimum":  {Base: BaseCost, Operations: []Operation{{Min: eur("100")}}},
		"maximum":  {Base: BaseCost, Operations: []Operation{{Max: eur("50")}}},
		"per unit": {Base: BaseCost, Operations: []Operation{{PerUnit: eur("1.25")}}},
		"margin":   {Base: BaseCost, Operations: []Operation{{MarginOfSell: ptr("12")}}},
		"tiers":    {Base: BaseCost, Operations: []Operation{{Graduated: map[money.Currency][]Tier{"EUR": {{ptr("3"), dec("2")}, {nil, dec("1")}}}}}},
	} {
		sale := line("82.37", "96.91")
		sale.Quantity = dec("5")
		refund := line("-82.37", "-96.91")
		refund.Quantity = dec("-5")
		a, b := NewBook(nil).Price(sale, r), NewBook(nil).Price(refund, r)
		if !a.Rounded.Add(b.Rounded).IsZero() || a.Rounded.Sign() <= 0 {
			t.Errorf("%s: sale %s, refund %s", name, a.Rounded, b.Rounded)
		}
	}
}

func TestRoundingOnTheUnitMultipliesTheRoundedPrice(t *testing.T) {
	t.Parallel()
	s := line("100.00", "100.00")
	s.Quantity = dec("7")
	r := &Rule{Base: BaseCost, Rounding: rounded(money.LevelUnit, money.HalfUp)}
	if p := NewBook(nil).Price(s, r); p.Rounded.String() != "100.03" || p.Amount.String() != "100.00" {
		t.Errorf("7 units of 14.29: %s (unrounded %s), want 100.03", p.Rounded, p.Amount)
	}
	s.Quantity = dec("18.51")
	if p := NewBook(nil).Price(s, r); p.Rounded.String() != "99.95" { // 18.51 x 5.40 = 99.954
		t.Errorf("18.51 units of 5.40: %s, want 99.95", p.Rounded)
	}
}

// D20: thirds that add up to a tie are a tie.
func TestThirdsThatAddUpToATieAreATie(t *testing.T) {
	t.Parallel()
	third, _ := dec("0.025").Quo(dec("3"))
	var lines []Subject
	for range 3 {
		s := line("0.01", third.String())
		lines = append(lines, s)
	}
	r := &Rule{ID: "B", Base: BaseRetail, Rounding: rounded(money.LevelGroup, money.HalfUp, "customer")}
	if g := NewBook(nil).PriceGroup(lines, r); g.Rounded.String() != "0.03" {
		t.Errorf("three thirds of 0.025 round to %s, want 0.03", g.Rounded)
	}
}

func TestFloorSeesTheGroupsSums(t *testing.T) {
	t.Parallel()
	r := &Rule{ID: "B", Base: BaseRetail, Operations: []Operation{{Percent: ptr("-3")}, {Floor: "cost"}}}
	r.Rounding = rounded(money.LevelGroup, money.HalfUp, "customer", "currency")
	cheap, dear := line("10.00", "10.00"), line("10.00", "12.00")
	g := NewBook(nil).PriceGroup([]Subject{cheap, dear}, r)
	if g.Rounded.String() != "21.34" { // 22.00 less 3 %: each line alone would be 10.00 and 11.64
		t.Errorf("group %s, want 21.34", g.Rounded)
	}
	if g.Shares[0].String() != "9.70" || g.Shares[1].String() != "11.64" {
		t.Errorf("shares %v", g.Shares)
	}
	lost := NewBook(nil).PriceGroup([]Subject{line("-10.00", "-9.00"), line("-5.00", "-4.00")}, r)
	if lost.Rounded.String() != "-15.00" {
		t.Errorf("a refund group is floored by magnitude: %s, want -15.00", lost.Rounded)
	}
}

func TestGroupKeySpansWhatTheRuleSays(t *testing.T) {
	t.Parallel()
	r := &Rule{ID: "B", Base: BaseCost, Rounding: rounded(money.LevelGroup, money.HalfUp, "subscriptionId", "productId")}
	a, b := usageLine(), usageLine()
	b.MeterIDs = []string{"other"}
	if r.GroupKey(a) != r.GroupKey(b) || r.GroupKey(a) == "" {
		t.Error("the meter is no key of the group")
	}
	b.ProductID = "DZH2"
	if r.GroupKey(a) == r.GroupKey(b) {
		t.Error("the product is")
	}
	b = usageLine()
	b.CustomerID = "cus_2"
	document := &Rule{ID: "D", Base: BaseCost, Rounding: rounded(money.LevelDocument, money.HalfUp)}
	if r.GroupKey(a) == r.GroupKey(b) || document.GroupKey(a) == document.GroupKey(b) || document.GroupKey(a) == "" {
		t.Error("no group spans two customers")
	}
	if atCost().GroupKey(a) != "" || (*Rule)(nil).GroupKey(a) != "" {
		t.Error("a rule that rounds lines has no groups")
	}
}

func TestTallyCountsWhatTheRuleSelects(t *testing.T) {
	t.Parallel()
	fee := Rule{ID: "C5", Select: Selector{ProductCategory: "Azure plan"}, MinimumFee: eur("50.00")}
	book := NewBook([]Rule{fee})
	credit, licence := usageLine(), usageLine()
	credit.ChargeType, licence.ProductCategory = "customerCredit", "licence"
	var tally Tally
	for _, l := range []struct {
		s    Subject
		sell string
	}{{usageLine(), "30.00"}, {usageLine(), "4.17"}, {credit, "-20.00"}, {licence, "99.00"}} {
		tally.Add(l.s, book.Match(l.s), "EUR", dec(l.sell))
	}
	fees := tally.Fees(nil)
	if len(fees) != 1 || fees[0].Shortfall.String() != "15.83" || fees[0].Customer != "cus_1" || fees[0].Words != "minimum 50 EUR, sold 34.17" {
		t.Errorf("fees %+v, want one of 15.83", fees)
	}
}

func drawLine(t *rapid.T) Subject {
	s := line(money.New(rapid.Int64Range(-9999, 9999).Draw(t, "cost"), -2).String(), money.New(rapid.Int64Range(-999999, 999999).Draw(t, "retail"), -4).String())
	s.Quantity = money.New(rapid.Int64Range(-500, 500).Draw(t, "quantity"), -1)
	return s
}

func drawRule(t *rapid.T) *Rule {
	r := &Rule{ID: "r", Base: rapid.SampledFrom([]Base{BaseCost, BaseRetail, BaseFixed}).Draw(t, "base"), FixedPrice: eur("1.2345")}
	pool := []Operation{
		{Percent: ptr("-3")},
		{MarginOfSell: ptr("12")},
		{Discount: ptr("7.5")},
		{PerUnit: eur("0.333")},
		{Floor: "cost"},
		{Min: eur("5")},
		{Max: eur("50")},
		{Graduated: map[money.Currency][]Tier{"EUR": {{ptr("10"), dec("1")}, {nil, dec("0.3")}}}},
	}
	for range rapid.IntRange(0, 3).Draw(t, "operations") {
		r.Operations = append(r.Operations, rapid.SampledFrom(pool).Draw(t, "operation"))
	}
	mode := rapid.SampledFrom([]money.Mode{money.HalfUp, money.HalfEven, money.Down, money.Ceiling}).Draw(t, "mode")
	r.Rounding = rounded(money.LevelGroup, mode, "customer")
	r.ChargeOnZeroCost = rapid.Bool().Draw(t, "charge on zero cost")
	return r
}

// The shares of a group sum to its rounded amount, the exact parts to its unrounded one, and a line that costs nothing
// has no share.
func TestGroupSharesSumToTheGroup(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		r := drawRule(rt)
		lines := []Subject{line("0.00", "0")}
		for range rapid.IntRange(0, 6).Draw(rt, "lines") {
			lines = append(lines, drawLine(rt))
		}
		g := NewBook(nil).PriceGroup(lines, r)
		if got := money.Sum(g.Shares...); !got.Equal(g.Rounded) {
			rt.Fatalf("shares %v sum to %s, want %s", g.Shares, got, g.Rounded)
		}
		if got := money.Sum(g.Exact...); !got.Equal(g.Amount) {
			rt.Fatalf("exact parts sum to %s, want %s", got, g.Amount)
		}
		for i, s := range g.Shares {
			if dec("0.01").Less(s.Sub(g.Exact[i]).Abs()) && len(lines) > 2 {
				rt.Fatalf("share %s lies more than a cent off %s", s, g.Exact[i])
			}
		}
		if !r.ChargeOnZeroCost && !g.Shares[0].IsZero() {
			rt.Fatalf("a line that costs nothing has share %s", g.Shares[0])
		}
	})
}

// A markup and the discount that takes it back give the cost again, and one line alone is its own group.
func TestPricesAreConsistent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		s, book := drawLine(rt), NewBook(nil)
		r := &Rule{Base: BaseCost, Operations: []Operation{{MarginOfSell: ptr("12")}, {Discount: ptr("12")}}}
		if got := book.Price(s, r).Rounded; !got.Equal(s.Cost) {
			rt.Fatalf("cost %s, back and forth %s", s.Cost, got)
		}
		alone := drawRule(rt)
		group := *alone
		alone.Rounding = rounded(money.LevelLine, alone.Rounding.Mode)
		a, b := book.Price(s, alone), book.PriceGroup([]Subject{s}, &group)
		if !a.Rounded.Equal(b.Rounded) || !a.Amount.Equal(book.Amount(s, alone).Amount) {
			rt.Fatalf("line %s, group of it %s", a.Rounded, b.Rounded)
		}
	})
}

// Graduated tiers never rate two parts of a quantity lower than the whole.
func TestGraduatedTiersAreMonotonous(t *testing.T) {
	t.Parallel()
	tiers := []Tier{{ptr("100"), dec("1.00")}, {ptr("1000"), dec("0.80")}, {nil, dec("0.50")}}
	rapid.Check(t, func(rt *rapid.T) {
		a, b := money.New(rapid.Int64Range(0, 200000).Draw(rt, "a"), -2), money.New(rapid.Int64Range(0, 200000).Draw(rt, "b"), -2)
		whole, parts := Graduated(tiers, a.Add(b)), Graduated(tiers, a).Add(Graduated(tiers, b))
		if parts.Less(whole) || whole.Less(Graduated(tiers, a)) {
			rt.Fatalf("%s + %s: whole %s, parts %s", a, b, whole, parts)
		}
	})
}
