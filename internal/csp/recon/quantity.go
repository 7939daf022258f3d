package recon

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// lostUsage is usage of one bucket that no line charges.
type lostUsage struct {
	key    rating.BucketKey
	groups []*rating.Listed
	class  Class
}

func (u *lostUsage) quantity() money.Decimal {
	var s money.Decimal
	for _, g := range u.groups {
		s = s.Add(g.Quantity)
	}
	return s
}

// lose adds usage without a line: orphan, or late when it is dated before the period.
func (c *checker) lose(list []lostUsage, b *rating.Bucket, groups []*rating.Listed) []lostUsage {
	u := lostUsage{b.Key, groups, LateUsage}
	if u.quantity().IsZero() && billed(groups).IsZero() {
		return list
	}
	for _, g := range groups {
		if !g.To.Before(c.in.Period.First()) {
			u.class = OrphanUsage
		}
	}
	return append(list, u)
}

// discrepancies makes findings of lines that are short of usage, or have too much, and of usage without a line: first
// of usage that is the very quantity that a line lacks, since both are one fault; then one for each customer.
func (c *checker) discrepancies(short []*rating.Bucket, lost []lostUsage) {
	lost, short = c.misplacements(lost, short)
	byCustomer := map[string][]*rating.Bucket{}
	for _, b := range short {
		k := b.Key.InvoiceNumber + "|" + b.Lines[0].CustomerID
		byCustomer[k] = append(byCustomer[k], b)
	}
	for _, k := range slices.Sorted(maps.Keys(byCustomer)) {
		c.quantityFault(byCustomer[k])
	}
	if len(lost) == 0 {
		return
	}
	lined := map[string]bool{}
	for _, l := range c.in.Raw {
		lined[l.InvoiceNumber] = true
	}
	for i := range lost {
		if a := c.ledger.byNumber[lost[i].key.InvoiceNumber]; a == nil || !a.known || lined[lost[i].key.InvoiceNumber] {
			c.lostFault(&lost[i], a)
		}
	}
}

// misplacements takes out the usage that is the very quantity that a line lacks, under another key.
func (c *checker) misplacements(lost []lostUsage, short []*rating.Bucket) ([]lostUsage, []*rating.Bucket) {
	byGap := map[string][]*rating.Bucket{}
	key := func(q money.Decimal) string { return q.Round(money.HalfUp, 6).Plain() }
	for _, b := range short {
		byGap[key(gap(b))] = append(byGap[key(gap(b))], b)
	}
	taken := map[*rating.Bucket]bool{}
	lost = slices.DeleteFunc(lost, func(u lostUsage) bool {
		list := byGap[key(u.quantity())]
		i := slices.IndexFunc(list, func(b *rating.Bucket) bool { return !taken[b] && misplaced(b, &u) })
		if i < 0 {
			return false
		}
		taken[list[i]] = true
		c.misplacedFault(list[i], &u)
		return true
	})
	return lost, slices.DeleteFunc(short, func(b *rating.Bucket) bool { return taken[b] })
}

// misplaced says whether usage without a line may belong to the bucket's lines: one part of its key is theirs.
func misplaced(b *rating.Bucket, u *lostUsage) bool {
	return b.Key.SubscriptionID == u.key.SubscriptionID || b.Key.ProductID == u.key.ProductID && b.Key.SkuID == u.key.SkuID
}

// misplacedFault is the one finding of a line and its usage that do not name the same thing.
func (c *checker) misplacedFault(b *rating.Bucket, u *lostUsage) {
	l := b.Lines[0]
	f := c.groupFault(u.class, u.groups, billed(u.groups), fmt.Sprintf("usage of %s has no line under its own keys, and a line of %s lacks the same quantity", u.groups[0].SkuName, name(l)))
	f.witness(place(l, "SubscriptionId", "invoice %s, subscription %s, product %s %s %s: the line", l.InvoiceNumber, l.SubscriptionID, l.ProductID, l.SkuID, l.AvailabilityID))
	f.group = "misplaced " + l.CustomerID
	c.blame(b)
	c.add(b.Key.InvoiceNumber, f)
}

// quantityFault is the one finding of a customer's buckets whose quantities differ: a day that is missing shortens
// every meter that ran on it.
func (c *checker) quantityFault(buckets []*rating.Bucket) {
	f := &fault{count: len(buckets)}
	var missing, extra money.Decimal // money of the units that usage lacks, and that it has too many
	for _, b := range buckets {
		l, d, worth := b.Lines[0], gap(b), c.gapWorth(b)
		if d.Sign() > 0 {
			missing = missing.Add(worth)
		} else {
			extra = extra.Sub(worth)
		}
		f.witness(place(l, "BillableQuantity", "%s: lines %s, usage %s", name(l), b.UsageQuantity().Add(d).Plain(), b.UsageQuantity().Plain()))
		for i, l := range b.Lines {
			fixed := *l
			fixed.BillableQuantity = l.BillableQuantity.Sub(d)
			if len(b.Lines) == 1 || len(b.Share[i]) > 0 {
				f.effects = append(f.effects, c.effects(l, rating.Recompute(&fixed).Expected)...)
			}
		}
		c.blame(b)
	}
	size := missing
	if missing.Abs().Less(extra.Abs()) { // units that went from one meter to another are missing once and extra once
		size = extra
	}
	l := buckets[0].Lines[0]
	f.Finding = Finding{
		Key: keyOf("L4", Quantity, l.InvoiceNumber, l.CustomerID, l.SubscriptionID, l.ProductID), Level: "L4", Class: Quantity, Severity: Error,
		Currency: l.Currency, Amount: amount(size), Evidence: f.Evidence,
		Message: fmt.Sprintf("usage of %s and its lines differ in quantity on %d meters", cmp.Or(l.CustomerName, l.CustomerID), len(buckets)),
	}
	if day := missingDay(c, buckets); day != "" {
		f.Message += "; no usage at all on " + day
	}
	c.add(buckets[0].Key.InvoiceNumber, f)
}

// gapWorth is the money of the units by which lines and usage differ, positive where the lines have more: what their
// amounts differ by, or, where only a quantity was changed and no amount, the units at the lines' price. A price of the
// sheet that gives it, but for what truncation took from amount and unit price, gives it to the last digit.
func (c *checker) gapWorth(b *rating.Bucket) money.Decimal {
	var most money.Decimal
	for _, l := range b.Lines {
		most = most.Add(bound(l))
	}
	off := subtotal(b).Sub(chargedBy(b))
	l := slices.MaxFunc(b.Lines, func(x, y *usage.Line) int { return x.BillableQuantity.Abs().Cmp(y.BillableQuantity.Abs()) })
	if worth := gap(b).Mul(l.EffectiveUnitPrice).Mul(rateOf(l)); off.Abs().Cmp(most) <= 0 && worth.Abs().Cmp(most) > 0 {
		if rows := c.overRated(b); rows.Sign() == worth.Sign() && rows.Abs().Cmp(most) > 0 {
			return rows // the rows' money is that of units that they have not
		}
		off = worth
	}
	exact := off
	for _, price := range c.in.Sheet.PricesBetween(catalog.ProductSKU{ProductID: l.ProductID, SkuID: l.SkuID}, c.in.Period.First(), c.in.Period.Last()) {
		worth := gap(b).Mul(price).Mul(kept(rating.StatedPEC(l))).Mul(rateOf(l))
		if near := worth.Sub(off).Abs(); near.Cmp(most.Add(most)) <= 0 && (exact.Equal(off) || near.Less(exact.Sub(off).Abs())) {
			exact = worth
		}
	}
	return exact
}

// overRated is what rows are rated above their own quantity: for steps, whose prices shift with every quantity before,
// that of the day which is farthest off.
func (c *checker) overRated(b *rating.Bucket) money.Decimal {
	list, listed := listedIn(b)
	if !listed {
		return money.Zero
	}
	tiers, _ := c.in.Sheet.Metered(catalog.ProductSKU{ProductID: b.Key.ProductID, SkuID: b.Key.SkuID}, c.in.Period.Last())
	if len(tiers) < 2 {
		return chargedBy(b).Sub(list)
	}
	var farthest money.Decimal
	for _, g := range b.Groups {
		if off := g.Billed.Sub(rated(g, g.PEC, groupRate(g))); farthest.Abs().Less(off.Abs()) {
			farthest = off
		}
	}
	return farthest
}

// missingDay names the first day between the customer's usage days on which it has none, as far as days are known.
func missingDay(c *checker, buckets []*rating.Bucket) string {
	days := map[string]bool{}
	tenant := buckets[0].Lines[0].CustomerID
	for i := range c.in.Listed {
		g := &c.in.Listed[i]
		if g.CustomerID == tenant && g.From == g.To {
			days[g.From.String()] = true
		}
	}
	if len(days) < 2 {
		return ""
	}
	list := slices.Sorted(maps.Keys(days))
	for d := c.in.Period.First(); !d.After(c.in.Period.Last()); d = d.AddDays(1) {
		if s := d.String(); s > list[0] && s < list[len(list)-1] && !days[s] {
			return s
		}
	}
	return ""
}

// lostFault is the finding of usage without lines; it is never charged. One customer's is one finding, and that of an
// invoice whose lines are not here at all is one, or none where the invoice's whole amount is missing anyway.
func (c *checker) lostFault(u *lostUsage, a *account) {
	first := u.groups[0]
	worth := truncated(billed(u.groups), groupRate(first))
	f := c.groupFault(u.class, u.groups, billed(u.groups), fmt.Sprintf("usage of %s (%s) has no reconciliation line; it is not charged",
		cmp.Or(first.CustomerName, first.CustomerID), first.SkuName))
	f.fitted, f.group = true, "lost"
	if a != nil {
		f.group += first.CustomerID
		f.effects = []money.Decimal{a.withTax(worth), worth}
	}
	c.add(u.key.InvoiceNumber, f)
}

// truncated is what a line would have charged for usage of that much: truncated before and after conversion (B1).
func truncated(billed, rate money.Decimal) money.Decimal {
	pricing, err := billed.Quo(rate)
	if err != nil {
		return billed.Round(money.Down, 2)
	}
	return rating.UsageAmount(pricing, money.FromInt(1), rate)
}
