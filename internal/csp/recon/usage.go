package recon

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// tolerance is the bound within which quantities agree (billing reference B11, L4).
var tolerance = money.MustParse("0.000001")

// bound is what truncation may keep back of a line: one truncation before conversion and one after (B1, correction 3).
func bound(l *usage.Line) money.Decimal { return cent.Mul(rateOf(l)).Add(cent) }

// groupFault makes one finding, of level L4, about usage groups of one invoice and customer.
func (c *checker) groupFault(class Class, groups []*rating.Listed, size money.Decimal, message string) *fault {
	f := &fault{count: len(groups), Finding: Finding{Level: "L4", Class: class, Severity: Error, Amount: amount(size), Message: message}}
	about := make([]string, 0, 4*len(groups))
	for _, g := range groups {
		f.rows = append(f.rows, g.ID)
		f.Currency = g.Currency
		about = append(about, g.InvoiceNumber, g.SubscriptionID, g.ProductID, g.SkuID)
	}
	f.Key = keyOf("L4", class, about...)
	return f
}

// bucketChecks holds lines against usage, bucket by bucket (L4): whose they are, of which days, and how many units.
func (c *checker) bucketChecks() {
	imported := map[string]bool{}
	for i := range c.in.Listed {
		imported[c.in.Listed[i].InvoiceNumber] = true
	}
	var lost []lostUsage
	var short []*rating.Bucket
	silent := map[string]int{}
	for _, b := range c.sortedBuckets() {
		switch {
		case c.anyBlamed(b), c.flagged[b.Key]:
		case len(b.Lines) == 0:
			if !c.checkFlagsOfTwin(b) {
				lost = c.lose(lost, b, b.Groups)
			}
		case !imported[b.Key.InvoiceNumber]:
			silent[b.Key.InvoiceNumber] += len(b.Lines)
		case c.checkCustomer(b), c.checkFlags(b):
		case b.Uncharged():
			lost = c.lose(lost, b, b.Stray)
		case c.checkStray(b), c.checkTwice(b):
		case gap(b).Abs().Cmp(tolerance) > 0:
			short = append(short, b)
		}
	}
	c.discrepancies(short, lost)
	for _, n := range slices.Sorted(maps.Keys(silent)) {
		c.note("usage-not-imported", fmt.Sprintf("no daily-rated usage of invoice %s was imported: its %d metered lines have no detail to be held against",
			cmp.Or(n, "(unbilled)"), silent[n]), silent[n])
	}
}

func (c *checker) sortedBuckets() []*rating.Bucket {
	if c.sorted == nil {
		c.sorted = slices.SortedFunc(maps.Values(c.buckets), func(a, b *rating.Bucket) int { return compareKeys(a.Key, b.Key) })
	}
	return c.sorted
}

func compareKeys(a, b rating.BucketKey) int {
	pec := 0
	if a.PEC != b.PEC {
		pec = 1
		if b.PEC {
			pec = -1
		}
	}
	return cmp.Or(cmp.Compare(a.InvoiceNumber, b.InvoiceNumber), cmp.Compare(a.SubscriptionID, b.SubscriptionID),
		cmp.Compare(a.ProductID, b.ProductID), cmp.Compare(a.SkuID, b.SkuID),
		cmp.Compare(a.AvailabilityID, b.AvailabilityID), pec)
}

// gap is how many units the lines of a bucket charge beyond its usage; negative where usage is more.
func gap(b *rating.Bucket) money.Decimal {
	var q money.Decimal
	for _, l := range b.Lines {
		q = q.Add(l.BillableQuantity)
	}
	return q.Sub(b.UsageQuantity())
}

func subtotal(b *rating.Bucket) money.Decimal {
	var s money.Decimal
	for _, l := range b.Lines {
		s = s.Add(l.Subtotal)
	}
	return s
}

// chargedBy is the money of the usage that the bucket's lines charge.
func chargedBy(b *rating.Bucket) money.Decimal {
	var s money.Decimal
	for _, groups := range b.Share {
		s = s.Add(billed(groups))
	}
	return s
}

func billed(groups []*rating.Listed) money.Decimal {
	var s money.Decimal
	for _, g := range groups {
		s = s.Add(g.Billed)
	}
	return s
}

// checkCustomer: line and usage name the same tenant. What one tenant's lines charge of another's usage is one finding.
func (c *checker) checkCustomer(b *rating.Bucket) bool {
	found := false
	for i, l := range b.Lines {
		var others []*rating.Listed
		for _, g := range b.Share[i] {
			if g.CustomerID != l.CustomerID && g.CustomerID != "" {
				others = append(others, g)
			}
		}
		if len(others) == 0 {
			continue
		}
		size := billed(others)
		if len(others) == len(b.Share[i]) {
			size = l.Subtotal
		}
		f := c.groupFault(Customer, others, size, fmt.Sprintf("a line of tenant %s charges usage of tenant %s", l.CustomerID, others[0].CustomerID))
		f.witness(place(l, "CustomerId", "%s", l.CustomerID))
		f.group = l.CustomerID + " for " + others[0].CustomerID
		c.add(b.Key.InvoiceNumber, f)
		found = true
	}
	if found {
		c.blame(b)
	}
	return found
}

// checkStray: usage lies in the charge dates of a line of its bucket. Usage whose days no line holds, but whose quantity
// the lines charge, is of another period.
func (c *checker) checkStray(b *rating.Bucket) bool {
	if len(b.Stray) == 0 || gap(b).Abs().Cmp(tolerance) > 0 {
		return false
	}
	i := b.StrayLine()
	line := b.Lines[i]
	size := billed(b.Stray)
	if len(b.Stray) == len(b.Share[i]) {
		size = line.Subtotal
	}
	f := c.groupFault(Timing, b.Stray, size, fmt.Sprintf("usage from %s to %s lies outside the charge dates %s to %s of its line",
		b.Stray[0].From, b.Stray[len(b.Stray)-1].To, line.ChargeStart, line.ChargeEnd))
	f.witness(place(line, "ChargeStartDate", "%s to %s", line.ChargeStart, line.ChargeEnd))
	f.column, f.group = "UsageDate", b.Stray[0].CustomerID
	c.blame(b)
	c.add(b.Key.InvoiceNumber, f)
	return true
}

// checkFlags: rows whose credit flag differs from their line's make one bucket short and its twin long by the same.
func (c *checker) checkFlags(b *rating.Bucket) bool {
	twinKey := b.Key
	twinKey.PEC = !b.Key.PEC
	twin, d := c.buckets[twinKey], gap(b)
	if twin == nil || d.Abs().Cmp(tolerance) <= 0 || d.Add(gap(twin)).Abs().Cmp(tolerance) > 0 {
		return false
	}
	if c.flagged[twinKey] {
		return true
	}
	c.flagged[b.Key], c.flagged[twinKey] = true, true
	line := slices.Concat(b.Lines, twin.Lines)[0]
	f := c.groupFault(PEC, slices.Concat(b.Groups, twin.Groups), creditBetween(b, twin),
		fmt.Sprintf("%s units of %s carry another partner earned credit in the usage than on the lines", d.Abs().Plain(), name(line)))
	for _, l := range slices.Concat(b.Lines, twin.Lines) {
		f.witness(place(l, "PriceAdjustmentDescription", "%s for %s units", cmp.Or(l.PriceAdjustment, "none"), l.BillableQuantity.Plain()))
	}
	f.column = "PartnerEarnedCreditPercentage"
	c.blame(b)
	c.blame(twin)
	c.add(b.Key.InvoiceNumber, f)
	return true
}

// checkFlagsOfTwin is checkFlags seen from a bucket that has usage alone.
func (c *checker) checkFlagsOfTwin(b *rating.Bucket) bool {
	twinKey := b.Key
	twinKey.PEC = !b.Key.PEC
	twin := c.buckets[twinKey]
	return twin != nil && len(twin.Lines) > 0 && c.checkFlags(twin)
}

// creditBetween is what a wrong flag is worth: what the rows' flags make of their list amounts less what the rows are,
// where that differs; what lines and usage differ by, where that is more than rounding; else the credit on the units
// whose flag differs.
func creditBetween(b, twin *rating.Bucket) money.Decimal {
	var list, quantity, alone, most money.Decimal
	off := subtotal(b).Add(subtotal(twin)).Sub(b.UsageBilled()).Sub(twin.UsageBilled())
	claimed, rate := money.Zero, money.FromInt(1)
	for _, of := range []*rating.Bucket{b, twin} {
		for _, l := range of.Lines {
			most = most.Add(bound(l))
		}
		for _, g := range of.Groups {
			list, quantity, rate = list.Add(g.Amount), quantity.Add(g.Quantity), groupRate(g)
			claimed = claimed.Add(rated(g, g.PEC, rate)).Sub(g.Billed)
			if len(of.Lines) == 0 {
				alone = alone.Add(g.Amount)
			}
		}
	}
	if alone.IsZero() {
		alone = scaled(list, gap(b).Abs(), quantity)
	}
	credit := alone.Mul(fullPEC).Mul(cent).Mul(rate).Abs()
	switch {
	case claimed.Abs().Cmp(cent) > 0:
		return claimed.Abs()
	case off.Abs().Cmp(most) > 0 && off.Abs().Sub(credit).Abs().Cmp(most) > 0:
		return off.Abs()
	default:
		return credit
	}
}

// checkTwice: a line that stands twice charges usage that is there once.
func (c *checker) checkTwice(b *rating.Bucket) bool {
	d := gap(b)
	if d.Abs().Cmp(tolerance) <= 0 {
		return false
	}
	for _, l := range b.Lines {
		if f := c.twice[l]; f != nil && d.Sub(l.BillableQuantity).Abs().Cmp(tolerance) <= 0 {
			f.tentative = false
			c.blame(b)
			return true
		}
	}
	return false
}
