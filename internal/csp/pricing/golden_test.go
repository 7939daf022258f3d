package pricing

import (
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
)

func dec(s string) money.Decimal { return money.MustParse(s) }

func ptr(s string) *money.Decimal { d := dec(s); return &d }

func atCost(ops ...Operation) *Rule { return &Rule{Base: BaseCost, Operations: ops} }

// line is a subject in EUR with cost and retail.
func line(cost, retail string) Subject {
	return Subject{
		Currency: "EUR", Cost: dec(cost), Retail: dec(retail), HasRetail: true, Quantity: dec("1"), Fraction: dec("1"),
		PECCredit: dec(retail).Sub(dec(cost)),
	}
}

func eur(amount string) map[money.Currency]money.Decimal {
	return map[money.Currency]money.Decimal{"EUR": dec(amount)}
}

func rounded(level money.Level, mode money.Mode, group ...string) *Rounding {
	return &Rounding{Rounding: money.Rounding{Mode: mode, Scale: 2, Level: level}, Group: group}
}

// G10: the margin models on cost 82.37 and retail 96.91.
func TestMarginModelsGiveTheGoldenPrices(t *testing.T) {
	t.Parallel()
	floor := Operation{Floor: "cost"}
	for _, c := range []struct {
		name string
		rule *Rule
		want string
	}{
		{"no rule sells at retail", nil, "96.91"},
		{"retail pass-through", &Rule{Base: BaseRetail}, "96.91"},
		{"cost plus 20 %", atCost(Operation{Percent: ptr("20")}), "98.84"},
		{"margin 20 % of sell", atCost(Operation{MarginOfSell: ptr("20")}), "102.96"},
		{"retail minus 5 %", &Rule{Base: BaseRetail, Operations: []Operation{{Discount: ptr("5")}}}, "92.06"},
		{"retail minus 20 %", &Rule{Base: BaseRetail, Operations: []Operation{{Percent: ptr("-20")}}}, "77.53"},
		{"retail minus 20 %, floor at cost", &Rule{Base: BaseRetail, Operations: []Operation{{Percent: ptr("-20")}, floor}}, "82.37"},
		{"half of the partner earned credit", &Rule{Base: BaseRetail, PECSharePercent: ptr("50")}, "89.64"},
		{"fixed", &Rule{Base: BaseFixed, FixedPrice: eur("99.00")}, "99.00"},
		{"G20 reseller price: cost plus 5 %", atCost(Operation{Percent: ptr("5")}), "86.49"},
		{"at least 100", atCost(Operation{Min: eur("100")}), "100"},
		{"at most 80", atCost(Operation{Max: eur("80")}), "80"},
		{"a unit's surcharge", atCost(Operation{PerUnit: eur("1.50")}), "83.87"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := NewBook(nil).Price(line("82.37", "96.91"), c.rule)
			if got := p.Rounded.String(); got != c.want || p.Currency != "EUR" {
				t.Errorf("sell %s %s, want %s EUR; steps %v", got, p.Currency, c.want, p.Steps)
			}
		})
	}
}

// G02: tiers (0,100] 1.00, (100,100000] 0.80, above 0.50.
func TestTiersGiveTheGoldenPrices(t *testing.T) {
	t.Parallel()
	tiers := []Tier{{ptr("100"), dec("1.00")}, {ptr("100000"), dec("0.80")}, {nil, dec("0.50")}}
	for _, c := range []struct{ units, graduated, volume string }{
		{"0", "0", "0"},
		{"1", "1.00", "1.00"},
		{"100", "100.00", "100.00"},
		{"100.5", "100.40", "80.40"},
		{"101", "100.80", "80.80"},
		{"100001", "80020.50", "50000.50"},
		{"-101", "-100.80", "-80.80"},
	} {
		if got := Graduated(tiers, dec(c.units)); !got.Equal(dec(c.graduated)) {
			t.Errorf("graduated %s units: %s, want %s", c.units, got, c.graduated)
		}
		if got := Volume(tiers, dec(c.units)); !got.Equal(dec(c.volume)) {
			t.Errorf("volume %s units: %s, want %s", c.units, got, c.volume)
		}
	}
}

// g06 are Microsoft's eleven lines of a seat-change sequence.
var g06 = []string{
	"120.00", "-112.25", "168.38", "-150.96", "251.61", "-232.25", "213.67", "-195.87", "170.32", "-85.16", "127.74",
}

// G06: cost plus 10 % is 302.75 rounded on the group and 302.73 rounded per line.
func TestRoundingLevelDecidesTheSeatSequence(t *testing.T) {
	t.Parallel()
	rule := atCost(Operation{Percent: ptr("10")})
	var lines []Subject
	var perLine money.Decimal
	for _, cost := range g06 {
		s := line(cost, cost)
		lines = append(lines, s)
		perLine = perLine.Add(NewBook(nil).Price(s, rule).Rounded)
	}
	if perLine.String() != "302.73" {
		t.Errorf("rounded per line: %s, want 302.73", perLine)
	}
	rule.Rounding = rounded(money.LevelGroup, money.HalfUp, "subscriptionId")
	g := NewBook(nil).PriceGroup(lines, rule)
	if g.Rounded.String() != "302.75" || money.Sum(g.Shares...).String() != "302.75" {
		t.Errorf("rounded on the group: %s, shares %v, want 302.75", g.Rounded, g.Shares)
	}
	if g.Shares[0].String() != "132.00" || g.Shares[1].Sign() > 0 {
		t.Errorf("shares keep the sign and size of their lines: %v", g.Shares)
	}
}

// G08: the customer's own fixed prices 12.00 and 8.00 on a full upgrade, 23 of 30 days.
func TestFixedPriceIsProratedLikeTheLine(t *testing.T) {
	t.Parallel()
	fraction, err := dec("23").Quo(dec("30"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ cost, quantity, price, want string }{
		{"-2316.00", "-300", "12.00", "-2760.00"},
		{"1476.00", "300", "8.00", "1840.00"},
	} {
		s := line(c.cost, c.cost)
		s.Quantity, s.Fraction = dec(c.quantity), fraction
		p := NewBook(nil).Price(s, &Rule{Base: BaseFixed, FixedPrice: eur(c.price)})
		if p.Rounded.String() != c.want {
			t.Errorf("%s at %s: %s, want %s", c.quantity, c.price, p.Rounded, c.want)
		}
	}
}

// G14: one bill of 347.08 EUR in three other currencies.
func TestConversionIsDoneOnceAndRecorded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		to         money.Currency
		cost, rate string
		mode       money.Mode
		scale      int32
		want       string
	}{
		{"CHF", "347.08", "0.9421", money.HalfUp, 2, "326.98"},
		{"JPY", "100.00", "163.505", money.HalfUp, 0, "16351"},
		{"JPY", "100.00", "163.505", money.HalfEven, 0, "16350"},
		{"KWD", "347.08", "0.33217", money.HalfUp, 3, "115.290"},
	} {
		r := &Rule{Base: BaseCost, Currency: c.to, FX: &FX{Source: "fixed", Rate: ptr(c.rate)}}
		r.Rounding = &Rounding{Rounding: money.Rounding{Mode: c.mode, Scale: c.scale, Level: money.LevelLine}}
		p := NewBook(nil).Price(line(c.cost, c.cost), r)
		if p.Rounded.String() != c.want || p.Currency != c.to {
			t.Errorf("%s %s: got %s %s, want %s", c.cost, c.to, p.Rounded, p.Currency, c.want)
		}
		if p.Exchange == nil || p.Exchange.Amount.String() != c.cost || p.Exchange.Rate.String() != c.rate {
			t.Errorf("%s: conversion not recorded: %+v", c.to, p.Exchange)
		}
	}
}

// G15: a line without cost and retail sells at 0 unless the rule charges on zero cost.
func TestZeroLinesSellAtZero(t *testing.T) {
	t.Parallel()
	trial := line("0.00", "0")
	trial.Quantity = dec("25")
	perSeat := atCost(Operation{PerUnit: eur("1.00")})
	if got := NewBook(nil).Price(trial, perSeat).Rounded; !got.IsZero() {
		t.Errorf("a trial seat costs %s, want 0", got)
	}
	perSeat.ChargeOnZeroCost = true
	if got := NewBook(nil).Price(trial, perSeat).Rounded; got.String() != "25.00" {
		t.Errorf("with chargeOnZeroCost: %s, want 25.00", got)
	}
	tiny := line("0.00", "0.0019")
	tiny.Quantity = dec("10")
	if got := NewBook(nil).Price(tiny, &Rule{Base: BaseFixed, FixedPrice: eur("0.4633")}).Rounded; got.String() != "4.63" {
		t.Errorf("a line whose cost was cut to 0.00 has retail and sells: %s, want 4.63", got)
	}
}

// G21: a minimum of 50.00 against 34.17, whole and for 11 of 30 days.
func TestMinimumFeeGivesTheGoldenShortfall(t *testing.T) {
	t.Parallel()
	r := &Rule{MinimumFee: eur("50.00")}
	whole, ok := Minimum(r, "EUR", dec("34.17"), 11, 30)
	if !ok || whole.Shortfall.String() != "15.83" {
		t.Errorf("shortfall %s, want 15.83", whole.Shortfall)
	}
	r.Prorate = true
	part, ok := Minimum(r, "EUR", dec("34.17"), 11, 30)
	if !ok || part.Minimum.String() != "18.33" || !part.Shortfall.IsZero() {
		t.Errorf("prorated minimum %s shortfall %s, want 18.33 and 0", part.Minimum, part.Shortfall)
	}
	if _, ok := Minimum(r, "USD", dec("1"), 30, 30); ok {
		t.Error("no minimum in USD was agreed")
	}
}

// G19: a bundle's 347.08 by 648:96.
func TestBundleRevenueIsAllocatedByWeight(t *testing.T) {
	t.Parallel()
	r := &Rule{ID: "B", Bundle: &Bundle{
		SKU: "SUITE", Price: eur("347.08"),
		Components: []Component{{ProductID: "P1", Weight: dec("648")}, {ProductID: "P2", Weight: dec("96")}},
	}}
	a, b := line("200.00", "220.00"), line("30.00", "33.00")
	a.ProductID, b.ProductID = "P1", "P2"
	book := NewBook([]Rule{*r})
	p, ok := book.PriceBundle([]Subject{b, a}, book.Bundles()[0])
	if !ok || p.Amount.String() != "347.08" || p.Components[0].String() != "302.30" || p.Components[1].String() != "44.78" {
		t.Errorf("bundle %+v, want 302.30 and 44.78 of 347.08", p)
	}
	if p.Cost.String() != "230.00" || len(p.Lines) != 2 || p.Lines[0] != 1 {
		t.Errorf("cost %s of lines %v, want 230.00 of [1 0]", p.Cost, p.Lines)
	}
	b.Quantity = dec("2")
	if _, ok := book.PriceBundle([]Subject{a, b}, book.Bundles()[0]); ok {
		t.Error("components of unequal quantity make no bundle")
	}
}
