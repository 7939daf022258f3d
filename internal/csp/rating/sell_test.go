package rating_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
	"pgregory.net/rapid"
)

// selling prices by rules in the JSON that `price rule add` takes.
func selling(tb rapid.TB, rules string) rating.Selling {
	tb.Helper()
	list, err := pricing.Decode(strings.NewReader(rules))
	if err != nil {
		tb.Fatal(err)
	}
	return rating.Selling{RunID: "run", Book: pricing.NewBook(list), Who: func(t string) rating.Who { return rating.Who{CustomerID: "cus " + t} }}
}

// ratedAll rates lines that need no usage, by the demonstration's sheet.
func ratedAll(lines ...*usage.Line) []*rating.Rated {
	out := make([]*rating.Rated, len(lines))
	for i, l := range lines {
		r := rating.Rate(l, nil, demoSheet())
		out[i] = &r
	}
	return out
}

func g06Lines() []*usage.Line {
	var lines []*usage.Line
	for i, c := range g06 {
		l := licence(c.kind, c.date, "2022-04-04", c.eup, c.quantity, c.subtotal)
		l.ID, l.CustomerID, l.SubscriptionID = fmt.Sprint("line ", i), tenant, "sub"
		lines = append(lines, l)
	}
	return lines
}

func sum(charges []rating.Charge) money.Decimal {
	var s money.Decimal
	for _, c := range charges {
		s = s.Add(c.Sell)
	}
	return s
}

// G06: cost plus 10 %, rounded by line and by group.
func TestSellRoundsWhereTheRuleSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, level, want string }{
		{"by line", `"line"`, "302.73"},
		{"by group", `"group","group":["subscriptionId"]`, "302.75"},
		{"by document", `"document"`, "302.75"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := selling(t, `{"id":"R","base":"cost","operations":[{"percent":"10"}],"rounding":{"mode":"half-up","scale":2,"level":`+c.level+`}}`)
			lines := ratedAll(g06Lines()...)
			sold := s.Sell(lines)
			if len(sold.Charges) != len(lines) || sold.Unruled != 0 {
				t.Fatalf("%d charges for %d lines, %d without a rule", len(sold.Charges), len(lines), sold.Unruled)
			}
			if got := sum(sold.Charges).String(); got != c.want {
				t.Errorf("sold for %s, want %s", got, c.want)
			}
			ids := map[string]bool{}
			for i, ch := range sold.Charges {
				ids[ch.ID] = true
				if ch.LineID != lines[i].Line.ID || ch.RuleID != "R" || ch.SellCurrency != "USD" || ch.Sell.Sign()*ch.Cost.Sign() < 0 || ch.SellGroup == "" != (c.name == "by line") {
					t.Errorf("charge %+v", ch)
				}
			}
			if len(ids) != len(lines) {
				t.Errorf("%d ids for %d charges", len(ids), len(lines))
			}
		})
	}
}

func TestLinesWithoutARuleSellAtRetailOrCost(t *testing.T) {
	t.Parallel()
	cost := metered("00ZZ", "0.5", "0.425", "10", "4.25", credited)
	cost.SubscriptionDescription, cost.TermAndBillingCycle = "", "1 Month Subscription"
	sold := selling(t, `[]`).Sell(ratedAll(metered("006G", "0.5", "0.425", "10", "4.25", credited), cost))
	if sold.Unruled != 2 || sold.Charges[0].Sell.Fixed(2) != "5.00" || sold.Charges[1].Sell.String() != "4.25" {
		t.Errorf("%d without a rule; sold for %s and %s, want 5.00 at retail and 4.25 at cost", sold.Unruled, sold.Charges[0].Sell, sold.Charges[1].Sell)
	}
	if c := sold.Charges[0]; c.RuleID != "" || c.Cost.String() != "4.25" || c.Retail.Fixed(2) != "5.00" || c.PECCredit.Fixed(2) != "0.75" || c.Mode != rating.ModeUsage {
		t.Errorf("charge %+v", c)
	}
}

// A minimum of 50.00 counts what an Azure plan sells, credits apart; with Active it is a share of the month's.
func TestMinimumFeesFollowTheCustomersDays(t *testing.T) {
	t.Parallel()
	const rule = `{"id":"M","select":{"productCategory":"Azure plan"},"base":"retail","minimumFee":{"USD":"50.00"},"per":["customer","currency"],"prorate":%v}`
	lines := ratedAll(
		metered("006G", "0.5", "0.5", "68.34", "34.17"), metered("006G", "0.5", "0.5", "10", "-5.00", func(l *usage.Line) { l.ChargeType, l.UnitPrice = "customerCredit", d("-5") }),
		licence("new", "2022-03-05", "2022-04-04", "12", "1", "12.00"),
	)
	for _, c := range []struct {
		name, prorate, minimum, shortfall string
		active                            func(string) (int, int)
	}{
		{"the whole month", "true", "50.00", "15.83", nil},
		{"11 of 30 days", "true", "18.33", "0", func(id string) (int, int) {
			if id != "cus "+tenant {
				t.Errorf("asked for %q", id)
			}
			return 11, 30
		}},
		{"a rule that does not prorate", "false", "50.00", "15.83", func(string) (int, int) { return 11, 30 }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := selling(t, strings.Replace(rule, "%v", c.prorate, 1))
			s.Active = c.active
			fees := s.Sell(lines).Fees
			if len(fees) != 1 || !fees[0].Minimum.Equal(d(c.minimum)) || !fees[0].Shortfall.Equal(d(c.shortfall)) || fees[0].Sold.String() != "34.17" {
				t.Errorf("fees %+v, want a minimum of %s, short by %s", fees, c.minimum, c.shortfall)
			}
		})
	}
}

const bundles = `[
	{"id":"SUITE","select":{},"bundle":{"sku":"S","title":"Suite","price":{"USD":"30.00"},"components":[{"productId":"A","weight":"2"},{"productId":"B","weight":"1"}]},"priority":2},
	{"id":"OTHER","select":{},"bundle":{"sku":"O","title":"Other","price":{"USD":"99.00"},"components":[{"productId":"A","weight":"1"}]},"priority":1}]`

func bundled() []*rating.Rated {
	var lines []*usage.Line
	for _, product := range []string{"A", "B", "C"} {
		l := licence("new", "2022-03-05", "2022-04-04", "12", "3", "36.00")
		l.ID, l.ProductID, l.CustomerID = product, product, tenant
		lines = append(lines, l)
	}
	return ratedAll(lines...)
}

func TestABundleReplacesThePricesOfItsLines(t *testing.T) {
	t.Parallel()
	sold := selling(t, bundles).Sell(bundled())
	got := ""
	for _, c := range sold.Charges {
		got += fmt.Sprintf("%s %s %s; ", c.ProductID, c.RuleID, c.Sell.Fixed(2))
	}
	if want := "A SUITE 60.00; B SUITE 30.00; C  36.00; "; got != want {
		t.Errorf("sold %q, want %q: the stronger bundle takes A, and no other may", got, want)
	}
	if len(sold.Bundles) != 1 || sold.Bundles[0].Amount.Fixed(2) != "90.00" || sold.Bundles[0].Cost.Fixed(2) != "72.00" {
		t.Errorf("bundles %+v", sold.Bundles)
	}
	if sold.Unruled != 1 {
		t.Errorf("%d lines without a rule, want C alone", sold.Unruled)
	}
}

func TestLinesSellByThemselvesWhereTheBundleIsNotWhole(t *testing.T) {
	t.Parallel()
	lines := bundled()
	lines[1].Line.BillableQuantity = d("2")
	sold := selling(t, bundles).Sell(lines)
	if got := sold.Charges[0].RuleID + " " + sold.Charges[1].RuleID; got != "OTHER " || len(sold.Bundles) != 1 {
		t.Errorf("sold by %q in %d bundles: the weaker bundle needs A alone", got, len(sold.Bundles))
	}
}

// Whatever is rounded together: each line has one charge, and the charges of a group sum to one rounding of the whole.
func TestChargesSumToWhatIsRounded(t *testing.T) {
	t.Parallel()
	s := selling(t, `{"id":"R","base":"cost","operations":[{"percent":"7.77"}],"rounding":{"mode":"half-up","scale":2,"level":"group","group":["subscriptionId"]}}`)
	rapid.Check(t, func(t *rapid.T) {
		var lines []*usage.Line
		want := map[string]money.Decimal{}
		for i, cents := range rapid.SliceOfN(rapid.Int64Range(-100_000, 100_000), 1, 30).Draw(t, "cents") {
			cost := money.New(cents, -2)
			l := licence("new", "2022-03-05", "2022-04-04", "12", "1", cost.String())
			l.ID, l.CustomerID, l.SubscriptionID = fmt.Sprint(i), tenant, fmt.Sprint("sub ", rapid.IntRange(0, 3).Draw(t, "subscription"))
			lines, want[l.SubscriptionID] = append(lines, l), want[l.SubscriptionID].Add(cost)
		}
		got := map[string]money.Decimal{}
		charges := s.Sell(ratedAll(lines...)).Charges
		for i, c := range charges {
			if c.LineID != lines[i].ID || c.Sell.Scale() > 2 {
				t.Fatalf("charge %d is of line %s: %s", i, c.LineID, c.Sell)
			}
			got[c.SubscriptionID] = got[c.SubscriptionID].Add(c.Sell)
		}
		for sub, cost := range want {
			if w := cost.Mul(d("1.0777")).Round(money.HalfUp, 2); !got[sub].Equal(w) {
				t.Fatalf("%s: charges sum to %s, %s plus 7.77 %% is %s", sub, got[sub], cost, w)
			}
		}
	})
}
