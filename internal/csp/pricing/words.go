package pricing

import (
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
)

// SelectWords says for a person which lines the rule is for.
func (r *Rule) SelectWords() string {
	var words []string
	for _, c := range conditionsOf(&r.Select) {
		words = append(words, c.key.word+" "+c.want)
	}
	if len(words) == 0 {
		return "every line"
	}
	return strings.Join(words, ", ")
}

// PriceWords says for a person what the rule makes of a line.
func (r *Rule) PriceWords() string {
	var words []string
	switch {
	case r.Bundle != nil:
		words = append(words, "bundle "+r.Bundle.SKU+" at "+amountsWords(r.Bundle.Price))
	case r.Base == BaseFixed:
		words = append(words, amountsWords(r.FixedPrice)+" a unit")
	case r.Base != "":
		words = append(words, string(r.Base))
	}
	if r.PECSharePercent != nil && r.PECSharePercent.Sign() != 0 {
		words = append(words, "- "+r.PECSharePercent.Plain()+" % of the partner earned credit")
	}
	for i := range r.Operations {
		words = append(words, r.Operations[i].words())
	}
	if len(r.MinimumFee) > 0 {
		words = append(words, "minimum fee "+amountsWords(r.MinimumFee))
	}
	if r.Currency != "" {
		words = append(words, "in "+string(r.Currency))
	}
	if r.Rounding != nil {
		words = append(words, "rounded "+r.Rounding.String())
	}
	return strings.Join(words, ", ")
}

func (o *Operation) words() string {
	switch {
	case o.Percent != nil:
		return signed(*o.Percent) + " %"
	case o.MarginOfSell != nil:
		return "margin " + o.MarginOfSell.Plain() + " % of sell"
	case o.Discount != nil:
		return "discount " + o.Discount.Plain() + " %"
	case o.PerUnit != nil:
		return "+ " + amountsWords(o.PerUnit) + " a unit"
	case o.Graduated != nil:
		return "graduated tiers"
	case o.Volume != nil:
		return "volume tiers"
	case o.Min != nil:
		return "at least " + amountsWords(o.Min)
	case o.Max != nil:
		return "at most " + amountsWords(o.Max)
	default:
		return "never below " + o.Floor
	}
}

// amountsWords writes one amount a currency: "0.4633 EUR or 3.2500 DKK".
func amountsWords(m map[money.Currency]money.Decimal) string {
	words := make([]string, 0, len(m))
	for _, c := range sortedCurrencies(m) {
		words = append(words, fmt.Sprintf("%s %s", m[c], c))
	}
	return strings.Join(words, " or ")
}
