package recon

import (
	"fmt"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/rating"
)

// moneyChecks: with equal quantities the rows' money lies less than one truncation per line above the lines' (B1,
// correction 3). The price sheet tells which side is wrong.
func (c *checker) moneyChecks() {
	for _, b := range c.sortedBuckets() {
		if len(b.Lines) > 0 && len(b.Groups) > 0 && !c.anyBlamed(b) {
			c.checkMoney(b)
		}
	}
}

func (c *checker) checkMoney(b *rating.Bucket) {
	sum, off := chargedBy(b), chargedBy(b).Sub(subtotal(b))
	least, most := hair.Neg(), hair
	for i, l := range b.Lines {
		if billed(b.Share[i]).Sign() < 0 { // what is negative is truncated toward zero, too
			least = least.Sub(bound(l))
		} else {
			most = most.Add(bound(l))
		}
	}
	if off.Cmp(least) >= 0 && off.Less(most) {
		return
	}
	list, listed := listedIn(b)
	f := c.groupFault(Price, b.Groups, off.Neg(), fmt.Sprintf("usage of %s is rated %s, its lines %s: more apart than rounding allows", name(b.Lines[0]), sum, subtotal(b)))
	usageWrong := listed && list.Sub(sum).Abs().Cmp(hair) > 0
	switch {
	case usageWrong:
		f.Amount = amount(sum.Sub(list))
		if worthCredit(b, sum.Sub(list)) {
			f.Class, f.Amount, f.column = PEC, amount(sum.Sub(list).Abs()), "PartnerEarnedCreditPercentage"
		}
	case listed:
		f.Amount, f.effects = amount(subtotal(b).Sub(truncated(list, rateOf(b.Lines[0])))), c.effects(b.Lines[0], truncated(list, rateOf(b.Lines[0])))
	}
	if f.Class == Price && off.Abs().Less(most.Sub(least).Mul(money.FromInt(2))) {
		f.Class = Rounding
	}
	f.Key = keyOf(f.Level, f.Class, b.Key.InvoiceNumber, b.Key.SubscriptionID, b.Key.ProductID, b.Key.SkuID, b.Key.AvailabilityID)
	f.Currency = b.Lines[0].Currency
	f.witness(place(b.Lines[0], "Subtotal", "%s", b.Lines[0].Subtotal))
	c.blame(b)
	c.add(b.Key.InvoiceNumber, f)
}

// listedIn is what the price sheet makes of the usage that the lines charge, by its own flags; false where a product is
// in no sheet.
func listedIn(b *rating.Bucket) (list money.Decimal, known bool) {
	known = true
	for _, groups := range b.Share {
		for _, g := range groups {
			list, known = list.Add(rated(g, g.PEC, groupRate(g))), known && g.InSheet
		}
	}
	return list, known
}

// worthCredit says that rows are off by their whole credit: rated without it though their flag says it, or the reverse.
func worthCredit(b *rating.Bucket, off money.Decimal) bool {
	for _, g := range b.Groups {
		other := money.Zero
		if !g.HasPEC() {
			other = fullPEC
		}
		if rated(g, other, groupRate(g)).Sub(rated(g, g.PEC, groupRate(g))).Sub(off).Abs().Cmp(hair) <= 0 && !off.IsZero() {
			return true
		}
	}
	return false
}
