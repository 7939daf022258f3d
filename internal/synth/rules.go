package synth

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// The partner's price rules that a month is sold by, each a whole set.
const (
	RulesCostPlus  = "A" // cost plus a percentage, rounded on the line
	RulesRetail    = "B" // retail less a percentage, never below cost, rounded on the group
	RulesMixed     = "C" // a fixed price, retail less a share of the credit, a margin, a minimum fee
	RulesKeptPEC   = "D" // retail; the partner keeps its earned credit
	roundingDigits = 12  // decimals of a sell amount before its last rounding (D20)
)

// RuleSetNames are the names of the sets.
var RuleSetNames = []string{RulesCostPlus, RulesRetail, RulesMixed, RulesKeptPEC}

// rules are the numbers of a month's rule sets.
type rules struct {
	costPlus, retailLess money.Decimal // percent
	fixedMeter           string
	fixed                map[money.Currency]money.Decimal
	pecShare, margin     money.Decimal // percent
	minimum              map[money.Currency]money.Decimal
}

type rounding struct {
	Mode  string   `json:"mode"`
	Scale int      `json:"scale"`
	Level string   `json:"level"`
	Group []string `json:"group,omitempty"`
}

func newRules(c Config, meters []*meter) rules {
	r := newRandom(c.Seed, 9)
	p := rules{
		costPlus: money.MustParse(pick(r, []string{"5", "8", "10", "12.5"})), retailLess: money.MustParse(pick(r, []string{"2", "3", "5"})),
		pecShare: money.MustParse(pick(r, []string{"50", "30", "100"})), margin: money.MustParse(pick(r, []string{"12", "8", "15"})),
		fixed: map[money.Currency]money.Decimal{}, minimum: map[money.Currency]money.Decimal{},
	}
	for _, m := range meters {
		if m.special == changing {
			p.fixedMeter = m.id
		}
	}
	for _, currency := range c.Currencies {
		p.fixed[currency] = cut(money.MustParse("0.2133").MulExact(markets[currency].seats), 4)
		p.minimum[currency] = cut(r.decimal(80, 900, 2).MulExact(markets[currency].seats), 2)
	}
	return p
}

// rule is a price rule as files of rules hold it.
type rule struct {
	ID              string                           `json:"id"`
	Select          map[string]string                `json:"select"`
	Base            string                           `json:"base,omitempty"`
	FixedPrice      map[money.Currency]money.Decimal `json:"fixedPrice,omitempty"`
	PECSharePercent *money.Decimal                   `json:"pecSharePercent,omitempty"`
	Operations      []map[string]string              `json:"operations,omitempty"`
	Rounding        *rounding                        `json:"rounding,omitempty"`
	MinimumFee      map[money.Currency]money.Decimal `json:"minimumFee,omitempty"`
	Per             []string                         `json:"per,omitempty"`
	Prorate         *bool                            `json:"prorate,omitempty"`
}

var (
	onLine   = &rounding{Mode: "half-up", Scale: 2, Level: "line"}
	onGroup  = &rounding{Mode: "half-up", Scale: 2, Level: "group", Group: []string{"customer", "currency", "subscriptionId", "productId", "skuId"}}
	evenLine = &rounding{Mode: "half-even", Scale: 2, Level: "line"}
)

// sets are the rules as data. Credits pass through at cost in every set (D13).
func (p rules) sets() map[string][]rule {
	no := false
	credits := func(id string) rule {
		return rule{ID: id, Select: map[string]string{"chargeType": "customerCredit"}, Base: "cost", Rounding: onLine}
	}
	return map[string][]rule{
		RulesCostPlus: {credits("A1"), {ID: "A2", Base: "cost", Operations: []map[string]string{{"percent": p.costPlus.Plain()}}, Rounding: onLine}},
		RulesRetail: {credits("B1"), {
			ID: "B2", Base: "retail",
			Operations: []map[string]string{{"percent": p.retailLess.Neg().Plain()}, {"floor": "cost"}}, Rounding: onGroup,
		}},
		RulesMixed: {
			credits("C1"),
			{ID: "C2", Select: map[string]string{"meterId": p.fixedMeter}, Base: "fixed", FixedPrice: p.fixed, Rounding: onLine},
			{ID: "C3", Select: map[string]string{"productCategory": kindAzure}, Base: "retail", PECSharePercent: &p.pecShare, Rounding: onLine},
			{ID: "C4", Base: "cost", Operations: []map[string]string{{"marginOfSell": p.margin.Plain()}}, Rounding: evenLine},
			{
				ID: "C5", Select: map[string]string{"productCategory": kindAzure}, MinimumFee: p.minimum,
				Per: []string{"customer", "currency", "month"}, Prorate: &no,
			},
		},
		RulesKeptPEC: {credits("D1"), {ID: "D2", Base: "retail", Rounding: onLine}},
	}
}

// encode is each set as the text of a rule file.
func (p rules) encode() (map[string]json.RawMessage, error) {
	out := map[string]json.RawMessage{}
	sets := p.sets()
	for _, name := range slices.Sorted(maps.Keys(sets)) {
		for i := range sets[name] {
			if sets[name][i].Select == nil {
				sets[name][i].Select = map[string]string{}
			}
		}
		text, err := json.MarshalIndent(sets[name], "", " ")
		if err != nil {
			return nil, err //nolint:wrapcheck // maps of texts
		}
		out[name] = text
	}
	return out, nil
}
