package recon

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// tolerance is the bound within which quantities agree (billing reference B11, L4).
var tolerance = money.MustParse("0.000001")

var pecRate = money.MustParse("15")

// checkPEC finds usage with a rate other than 0 or 15, or with credit on a product that earns none (B3). It returns
// the groups as they would be without the second fault, so that it shows once and not as a wrong quantity as well.
func (c *checker) checkPEC() []rating.Listed {
	fixed := slices.Clone(c.in.Listed)
	for i := range fixed {
		g := &fixed[i]
		billed, rate := g.Amount.Mul(groupRate(&g.Group)), g.PEC
		switch {
		case g.HasPEC() && notEligible(&g.Group):
			c.pecFault(g, billed.Mul(rate).Mul(money.New(1, -2)), "usage of "+g.SkuName+" has partner earned credit, which its product does not earn")
			g.PEC = money.Zero
		case g.HasPEC() && !rate.Equal(pecRate) && !g.Free:
			kept := money.FromInt(100).Sub(rate).Mul(money.New(1, -2))
			c.pecFault(g, billed.Mul(kept).Sub(g.Billed).Abs(),
				"usage of "+g.SkuName+" has a partner earned credit of "+rate.Plain()+" %; only 0 and 15 exist")
		}
	}
	return fixed
}

func (c *checker) pecFault(g *rating.Listed, size money.Decimal, message string) {
	f := c.groupFault("L4", PEC, []*rating.Listed{g}, size, message)
	for i := range f.Evidence {
		f.Evidence[i].Column = "PartnerEarnedCreditPercentage"
	}
	c.add(g.InvoiceNumber, f)
}

func notEligible(g *usage.Group) bool {
	words := strings.Fields(strings.ToLower(g.SkuName + " " + g.MeterName))
	return rating.ThirdPartyPublisher(g.PublisherName) || slices.Contains(words, "spot")
}

func groupRate(g *usage.Group) money.Decimal {
	if g.FXRate.IsZero() {
		return money.FromInt(1)
	}
	return g.FXRate
}

// groupFault makes one finding about usage groups of one invoice and customer.
func (c *checker) groupFault(level string, class Class, groups []*rating.Listed, size money.Decimal, message string) *fault {
	f := &fault{count: len(groups), Finding: Finding{Level: level, Class: class, Severity: Error, Amount: amount(size), Message: message}}
	var ids []int64
	about := []string{}
	for _, g := range groups {
		ids = append(ids, g.ID)
		f.Currency = g.Currency
		about = append(about, g.InvoiceNumber, g.SubscriptionID, g.ProductID, g.SkuID)
	}
	f.Key = keyOf(level, class, about...)
	if c.in.RowsOf != nil {
		f.Evidence = c.in.RowsOf(ids)
	}
	return f
}

// usageChecks holds lines against usage, bucket by bucket (L4).
func (c *checker) usageChecks() {
	imported := map[string]bool{}
	for i := range c.in.Listed {
		imported[c.in.Listed[i].InvoiceNumber] = true
	}
	short := map[[2]string][]*rating.Bucket{} // invoice and customer -> buckets whose quantities differ
	lost := map[[3]string][]*rating.Bucket{}  // invoice, customer and class -> usage without a line
	silent := map[string]int{}
	for _, b := range c.sortedBuckets() {
		switch {
		case len(b.Lines) == 0:
			c.collectLost(b, lost)
		case !imported[b.Key.InvoiceNumber]:
			silent[b.Key.InvoiceNumber] += len(b.Lines)
		case c.checkCustomer(b), c.checkStray(b), c.checkFlags(b), c.checkTwice(b):
		default:
			c.checkQuantity(b, short)
		}
	}
	for _, k := range sortedKeys2(short) {
		c.quantityFault(k[0], short[k])
	}
	for _, k := range sortedKeys3(lost) {
		c.lostFault(Class(k[2]), k[0], lost[k])
	}
	for _, n := range slices.Sorted(maps.Keys(silent)) {
		c.note("usage-not-imported", fmt.Sprintf("no daily-rated usage of invoice %s was imported: its %d metered lines have no detail to be held against", cmp.Or(n, "(unbilled)"), silent[n]), silent[n])
	}
}

func sortedKeys2(m map[[2]string][]*rating.Bucket) [][2]string {
	return slices.SortedFunc(maps.Keys(m), func(a, b [2]string) int { return slices.Compare(a[:], b[:]) })
}

func sortedKeys3(m map[[3]string][]*rating.Bucket) [][3]string {
	return slices.SortedFunc(maps.Keys(m), func(a, b [3]string) int { return slices.Compare(a[:], b[:]) })
}

func (c *checker) sortedBuckets() []*rating.Bucket {
	list := slices.Collect(maps.Values(c.buckets))
	slices.SortFunc(list, func(a, b *rating.Bucket) int { return compareKeys(a.Key, b.Key) })
	return list
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

// gap is what the lines of a bucket charge beyond its usage; negative where usage is more.
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

// checkCustomer: line and usage name the same tenant.
func (c *checker) checkCustomer(b *rating.Bucket) bool {
	var others []*rating.Listed
	var billed money.Decimal
	for _, g := range b.Groups {
		if g.CustomerID != b.Lines[0].CustomerID && g.CustomerID != "" {
			others, billed = append(others, g), billed.Add(g.Billed)
		}
	}
	if len(others) == 0 {
		return false
	}
	l := b.Lines[0]
	f := c.groupFault("L4", Customer, others, billed, fmt.Sprintf("a line of tenant %s charges usage of tenant %s", l.CustomerID, others[0].CustomerID))
	if len(others) == len(b.Groups) {
		f.Amount = amount(subtotal(b))
	}
	f.Evidence = append([]Evidence{place(l, "CustomerId", "%s", l.CustomerID)}, f.Evidence...)
	c.blame(b)
	c.add(b.Key.InvoiceNumber, f)
	return true
}

// checkStray: usage lies in the charge dates of a line of its bucket.
func (c *checker) checkStray(b *rating.Bucket) bool {
	if len(b.Stray) == 0 || gap(b).Abs().Cmp(tolerance) > 0 && len(b.Lines) == 1 && len(b.Stray) < len(b.Groups) && !c.allOutside(b) {
		return false
	}
	var billed money.Decimal
	for _, g := range b.Stray {
		billed = billed.Add(g.Billed)
	}
	f := c.groupFault("L4", Timing, b.Stray, billed, fmt.Sprintf("usage from %s to %s lies outside the charge dates %s to %s of its line",
		b.Stray[0].From, b.Stray[len(b.Stray)-1].To, b.Lines[0].ChargeStart, b.Lines[0].ChargeEnd))
	if len(b.Stray) == len(b.Groups) {
		f.Amount = amount(subtotal(b))
	}
	f.Evidence = append([]Evidence{place(b.Lines[len(b.Lines)-1], "ChargeStartDate", "%s", b.Lines[len(b.Lines)-1].ChargeStart)}, f.Evidence...)
	c.blame(b)
	c.add(b.Key.InvoiceNumber, f)
	return true
}

func (c *checker) allOutside(b *rating.Bucket) bool {
	return !slices.ContainsFunc(b.Stray, func(g *rating.Listed) bool { return c.in.Period.Holds(g.From) })
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
	billed := b.UsageBilled().Add(twin.UsageBilled())
	size := subtotal(b).Add(subtotal(twin)).Sub(billed)
	f := c.groupFault("L4", PEC, append(slices.Clone(b.Groups), twin.Groups...), size,
		fmt.Sprintf("%s units of %s carry another partner earned credit in the usage than on the lines", d.Abs().Plain(), name(b.Lines[0])))
	c.blame(b)
	c.blame(twin)
	c.add(b.Key.InvoiceNumber, f)
	return true
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
			return true
		}
	}
	return false
}

func (c *checker) checkQuantity(b *rating.Bucket, short map[[2]string][]*rating.Bucket) {
	if gap(b).Abs().Cmp(tolerance) > 0 {
		k := [2]string{b.Key.InvoiceNumber, b.Lines[0].CustomerID}
		short[k] = append(short[k], b)
		return
	}
	c.checkMoney(b)
}

// checkMoney: with equal quantities the rows' money lies less than one truncation per line above the lines' (B1,
// correction 3).
func (c *checker) checkMoney(b *rating.Bucket) {
	off := b.UsageBilled().Sub(subtotal(b))
	var bound money.Decimal
	for _, l := range b.Lines {
		bound = bound.Add(money.New(1, -2).Mul(rateOf(l))).Add(money.New(1, -2))
		if c.blamed[l] {
			return
		}
	}
	slack := money.New(1, -6) // rows print about 15 digits
	if off.Add(slack).Sign() >= 0 && off.Cmp(bound) < 0 || off.Sign() < 0 && off.Abs().Cmp(bound) < 0 && subtotal(b).Sign() < 0 {
		return
	}
	f := c.groupFault("L4", Price, b.Groups, off, fmt.Sprintf("usage of %s is rated %s, its lines %s: more apart than rounding allows",
		name(b.Lines[0]), b.UsageBilled(), subtotal(b)))
	if off.Abs().Cmp(bound.Add(bound)) < 0 {
		f.Class = Rounding
	}
	f.Evidence = append([]Evidence{place(b.Lines[0], "Subtotal", "%s", b.Lines[0].Subtotal)}, f.Evidence...)
	c.add(b.Key.InvoiceNumber, f)
}

// quantityFault is the one finding of a customer's buckets whose quantities differ: a day that is missing shortens
// every meter that ran on it.
func (c *checker) quantityFault(invoice string, buckets []*rating.Bucket) {
	var size money.Decimal
	f := &fault{count: len(buckets)}
	for _, b := range buckets {
		l, d := b.Lines[0], gap(b)
		size = size.Add(subtotal(b)).Sub(b.UsageBilled())
		f.Evidence = append(f.Evidence, place(l, "BillableQuantity", "%s: lines %s, usage %s", name(l), b.UsageQuantity().Add(d).Plain(), b.UsageQuantity().Plain()))
		fixed := *l
		fixed.BillableQuantity = b.UsageQuantity()
		if len(b.Lines) == 1 {
			f.effects = append(f.effects, rating.Recompute(&fixed).Expected.Sub(l.Subtotal))
		}
		c.blame(b)
	}
	l := buckets[0].Lines[0]
	f.Finding = Finding{Key: keyOf("L4", Quantity, invoice, l.CustomerID, l.SubscriptionID, l.ProductID), Level: "L4", Class: Quantity, Severity: Error,
		Currency: l.Currency, Amount: amount(size), Evidence: f.Evidence,
		Message: fmt.Sprintf("usage of %s and its lines differ in quantity on %d meters", cmp.Or(l.CustomerName, l.CustomerID), len(buckets))}
	if day := missingDay(c, buckets); day != "" {
		f.Message += "; no usage at all on " + day
	}
	c.add(invoice, f)
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

// collectLost gathers usage that no line covers: orphan, or late when it is dated before the period.
func (c *checker) collectLost(b *rating.Bucket, lost map[[3]string][]*rating.Bucket) {
	if b.UsageQuantity().IsZero() && b.UsageBilled().IsZero() || c.checkFlags2(b) {
		return
	}
	class := LateUsage
	for _, g := range b.Groups {
		if !g.To.Before(c.in.Period.First()) {
			class = OrphanUsage
		}
	}
	k := [3]string{b.Key.InvoiceNumber, b.Groups[0].CustomerID, string(class)}
	lost[k] = append(lost[k], b)
}

// checkFlags2 is checkFlags seen from a bucket that has usage alone.
func (c *checker) checkFlags2(b *rating.Bucket) bool {
	twinKey := b.Key
	twinKey.PEC = !b.Key.PEC
	twin := c.buckets[twinKey]
	return twin != nil && len(twin.Lines) > 0 && c.checkFlags(twin)
}

// lostFault is the finding of usage without lines; it is never charged.
func (c *checker) lostFault(class Class, invoice string, buckets []*rating.Bucket) {
	var groups []*rating.Listed
	var size, worth money.Decimal
	for _, b := range buckets {
		groups = append(groups, b.Groups...)
		billed := b.UsageBilled()
		size, worth = size.Add(billed), worth.Add(truncated(billed, groupRate(&b.Groups[0].Group)))
	}
	f := c.groupFault("L4", class, groups, size, fmt.Sprintf("usage of %s (%s) has no reconciliation line; it is not charged",
		cmp.Or(groups[0].CustomerName, groups[0].CustomerID), groups[0].SkuName))
	if a := c.ledger.byNumber[invoice]; a != nil {
		f.effects = []money.Decimal{a.withTax(worth), worth}
	}
	c.add(invoice, f)
}

// truncated is what a line would have charged for usage of that much: truncated before and after conversion (B1).
func truncated(billed, rate money.Decimal) money.Decimal {
	pricing, err := billed.Quo(rate)
	if err != nil {
		return billed.Round(money.Down, 2)
	}
	return pricing.Round(money.HalfEven, 9).Round(money.Down, 2).MulExact(rate).Round(money.HalfEven, 9).Round(money.Down, 2)
}
