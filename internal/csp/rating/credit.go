package rating

import (
	"regexp"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// pecRate is the one rate that partner earned credit has (billing reference B3).
var pecRate = money.MustParse("0.15")

// percent turns a percentage into a fraction.
var percent = money.New(1, -2)

// pecText is how Microsoft writes the credit among a line's price adjustments.
const pecText = `["15.0% Partner earned credit for services managed"]`

// HasPEC says whether the line is for days with partner earned credit; Microsoft writes it among the price adjustments.
func HasPEC(l *usage.Line) bool {
	return strings.Contains(strings.ToLower(l.PriceAdjustment), "partner earned credit")
}

var statedPEC = regexp.MustCompile(`(?i)([0-9]+(?:\.[0-9]+)?) *% *partner earned credit`)

// StatedPEC is the percentage of partner earned credit that the line's price adjustments name, 0 when they name none
// and 15 when they name the credit alone.
func StatedPEC(l *usage.Line) money.Decimal {
	if m := statedPEC.FindStringSubmatch(l.PriceAdjustment); m != nil {
		if p, err := money.Parse(m[1]); err == nil {
			return p
		}
	}
	if HasPEC(l) {
		return pecRate.Mul(hundred)
	}
	return money.Zero
}

var promotion = regexp.MustCompile(`(?i)([0-9]+(?:\.[0-9]+)?) *% *[a-z0-9 -]*promotion`)

// Promotion is the percentage that the price adjustments name as a promotion, 0 when they name none.
func Promotion(adjustments string) money.Decimal {
	m := promotion.FindStringSubmatch(adjustments)
	if m == nil {
		return money.Zero
	}
	p, err := money.Parse(m[1])
	if err != nil {
		return money.Zero
	}
	return p
}
