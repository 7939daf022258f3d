package pricing

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// shared reads a JSON file of the example data that CHANDLER_TESTDATA names.
func shared(t *testing.T, path string, into any) {
	t.Helper()
	root := os.Getenv("CHANDLER_TESTDATA")
	if root == "" {
		t.Skip("CHANDLER_TESTDATA is not set: the example data is not tested; the package's own cases are")
	}
	text, err := os.ReadFile(filepath.Join(root, "data", path))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Fatal(err)
	}
}

type ruleSet struct{ Data json.RawMessage }

// sharedBook is one of the rule sets of the example month, read as a rule file is.
func sharedBook(t *testing.T, sets map[string]ruleSet, name string) *Book {
	t.Helper()
	rules, err := Decode(strings.NewReader(string(sets[name].Data)))
	if err != nil {
		t.Fatalf("rule set %s: %v", name, err)
	}
	return NewBook(rules)
}

func TestExampleRuleSetsPriceTheExampleLines(t *testing.T) {
	t.Parallel()
	var sets map[string]ruleSet
	shared(t, "month-2026-03/rules.json", &sets)
	var month struct {
		Lines []struct {
			File         string `json:"file"`
			Line         int    `json:"line"`
			Currency     string `json:"currency"`
			Category     string `json:"category"`
			ChargeType   string `json:"charge_type"`
			Subtotal     string `json:"subtotal"`
			Quantity     string `json:"quantity"`
			SellA, SellC string `json:"-"`
			A            string `json:"sell_A"` //nolint:tagliatelle // as in the file
			C            string `json:"sell_C"` //nolint:tagliatelle // as in the file
		} `json:"recon_lines"`
	}
	shared(t, "month-2026-03/expected.json", &month)
	bookA, bookC := sharedBook(t, sets, "A"), sharedBook(t, sets, "C")
	sharedBook(t, sets, "B")
	checked := 0
	for _, l := range month.Lines {
		s := Subject{
			Currency: money.Currency(l.Currency), Cost: dec(l.Subtotal), Retail: dec(l.Subtotal), Quantity: dec(l.Quantity),
			ChargeType: l.ChargeType, ProductCategory: l.Category, Fraction: one, On: period.MustDate("2026-03-31"),
		}
		if got := bookA.Price(s, bookA.Match(s).Winner).Rounded; !got.Equal(dec(l.A)) {
			t.Errorf("%s:%d under A: %s, want %s", l.File, l.Line, got, l.A)
		}
		if l.Category == "azure" {
			continue // C prices it from the list amount, which is rating's to find
		}
		checked++
		if got := bookC.Price(s, bookC.Match(s).Winner).Rounded; !got.Equal(dec(l.C)) {
			t.Errorf("%s:%d under C: %s, want %s", l.File, l.Line, got, l.C)
		}
	}
	if checked == 0 {
		t.Error("no line was checked")
	}
}

type goldenCase struct {
	ID       string
	Expected json.RawMessage
}

func sharedCase(t *testing.T, id string, into any) {
	t.Helper()
	var cases []goldenCase
	shared(t, "golden/golden_cases.json", &cases)
	for _, c := range cases {
		if c.ID == id {
			if err := json.Unmarshal(c.Expected, into); err != nil {
				t.Fatal(err)
			}
			return
		}
	}
	t.Fatalf("no case %s", id)
}

func TestSharedGoldenTiers(t *testing.T) {
	t.Parallel()
	var want map[string]struct{ Graduated, Volume string }
	sharedCase(t, "G02", &want)
	tiers := []Tier{{ptr("100"), dec("1.00")}, {ptr("100000"), dec("0.80")}, {nil, dec("0.50")}}
	for units, w := range want {
		g, v := Graduated(tiers, dec(units)).Fixed(2), Volume(tiers, dec(units)).Fixed(2)
		if g != w.Graduated || v != w.Volume {
			t.Errorf("%s units: %s and %s, want %s and %s", units, g, v, w.Graduated, w.Volume)
		}
	}
}

func TestSharedGoldenMargins(t *testing.T) {
	t.Parallel()
	var want struct {
		CostPlus20, Margin20OfSell, RetailMinus5, Retail, Fixed, PecShare50 string
		Floor                                                               struct{ Raw, WithFloor string } `json:"floorAtCost_retailMinus20"` //nolint:tagliatelle // as in the file
	}
	sharedCase(t, "G10", &want)
	less := Operation{Percent: ptr("-20")}
	for _, c := range []struct {
		rule *Rule
		want string
	}{
		{atCost(Operation{Percent: ptr("20")}), want.CostPlus20},
		{atCost(Operation{MarginOfSell: ptr("20")}), want.Margin20OfSell},
		{&Rule{Base: BaseRetail, Operations: []Operation{{Percent: ptr("-5")}}}, want.RetailMinus5},
		{&Rule{Base: BaseRetail}, want.Retail},
		{&Rule{Base: BaseFixed, FixedPrice: eur("99")}, want.Fixed},
		{&Rule{Base: BaseRetail, PECSharePercent: ptr("50")}, want.PecShare50},
		{&Rule{Base: BaseRetail, Operations: []Operation{less}}, want.Floor.Raw},
		{&Rule{Base: BaseRetail, Operations: []Operation{less, {Floor: "cost"}}}, want.Floor.WithFloor},
	} {
		if got := NewBook(nil).Price(line("82.37", "96.91"), c.rule).Rounded.Fixed(2); got != c.want {
			t.Errorf("%+v: %s, want %s", c.rule, got, c.want)
		}
	}
}

func TestSharedGoldenSeatSequence(t *testing.T) {
	t.Parallel()
	var want struct {
		Lines [][]any                                     `json:"lines_date_type_days_qty_shownEUP_subtotal"` //nolint:tagliatelle // as in the file
		Sell  struct{ RoundOnGroup, RoundPerLine string } `json:"sellCostPlus10"`                             //nolint:tagliatelle // as in the file
	}
	sharedCase(t, "G06", &want)
	r, book := atCost(Operation{Percent: ptr("10")}), NewBook(nil)
	var lines []Subject
	var perLine money.Decimal
	for _, l := range want.Lines {
		cost, _ := l[5].(string)
		lines = append(lines, line(cost, cost))
		perLine = perLine.Add(book.Price(lines[len(lines)-1], r).Rounded)
	}
	r.Rounding = rounded(money.LevelGroup, money.HalfUp, "subscriptionId")
	if got := book.PriceGroup(lines, r).Rounded.String(); got != want.Sell.RoundOnGroup || perLine.String() != want.Sell.RoundPerLine {
		t.Errorf("group %s, lines %s, want %+v", got, perLine, want.Sell)
	}
}

func TestSharedGoldenMinimumAndTwoTier(t *testing.T) {
	t.Parallel()
	var fee struct{ FullMonthTrueUp, ProratedMinimum, ProratedTrueUp string }
	sharedCase(t, "G21", &fee)
	r := &Rule{MinimumFee: eur("50.00")}
	whole, _ := Minimum(r, "EUR", dec("34.17"), 11, 30)
	r.Prorate = true
	part, _ := Minimum(r, "EUR", dec("34.17"), 11, 30)
	if whole.Shortfall.Fixed(2) != fee.FullMonthTrueUp || part.Minimum.Fixed(2) != fee.ProratedMinimum || part.Shortfall.Fixed(2) != fee.ProratedTrueUp {
		t.Errorf("%+v %+v, want %+v", whole, part, fee)
	}
	var tier struct{ ResellerCost, Customer, ProviderMargin, ResellerMargin string }
	sharedCase(t, "G20", &tier)
	book := NewBook(nil)
	reseller := book.Price(line("82.37", "96.91"), atCost(Operation{Percent: ptr("5")})).Rounded
	customer := book.Price(line(reseller.String(), "96.91"), &Rule{Base: BaseRetail}).Rounded
	if reseller.String() != tier.ResellerCost || customer.String() != tier.Customer ||
		reseller.Sub(dec("82.37")).String() != tier.ProviderMargin || customer.Sub(reseller).String() != tier.ResellerMargin {
		t.Errorf("reseller %s, customer %s, want %+v", reseller, customer, tier)
	}
}
