package rating

import (
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// BucketKey is where a metered line and its usage meet, since reconciliation has no meter and usage no line
// (billing reference B13, decision D06).
type BucketKey struct {
	InvoiceNumber, SubscriptionID, ProductID, SkuID, AvailabilityID string
	PEC                                                             bool
}

// KeyOfLine is a metered line's bucket on the given invoice, normally the line's own.
func KeyOfLine(l *usage.Line, invoice string) BucketKey {
	return BucketKey{invoice, l.SubscriptionID, l.ProductID, l.SkuID, l.AvailabilityID, HasPEC(l)}
}

// KeyOfGroup is a usage group's bucket.
func KeyOfGroup(g *usage.Group) BucketKey {
	return BucketKey{g.InvoiceNumber, g.SubscriptionID, g.ProductID, g.SkuID, g.AvailabilityID, g.HasPEC()}
}

// Bucket holds the lines and the charged usage of one key. Share[i] is the usage of Lines[i]; Stray is usage that lies
// outside every line's charge dates. The line that lacks just its quantity has it nevertheless, or the last line, unless
// the lines' quantities add up without it: then no line charges it.
type Bucket struct {
	Key    BucketKey
	Lines  []*usage.Line
	Groups []*Listed
	Share  [][]*Listed
	Stray  []*Listed
}

// UsageQuantity and UsageBilled sum the bucket's charged usage.
func (b *Bucket) UsageQuantity() money.Decimal { return quantityOf(b.Groups) }

// UsageBilled is the sum of the rows' BillingPreTaxTotal.
func (b *Bucket) UsageBilled() money.Decimal {
	var s money.Decimal
	for _, g := range b.Groups {
		s = s.Add(g.Billed)
	}
	return s
}

func quantityOf(groups []*Listed) money.Decimal {
	var s money.Decimal
	for _, g := range groups {
		s = s.Add(g.Quantity)
	}
	return s
}

// Join puts metered lines and listed usage into buckets; free usage needs no line and is in none. invoiceOf may send
// a line to another invoice than it says, where that is known to be its true one; nil means its own.
func Join(lines []*usage.Line, groups []Listed, invoiceOf func(*usage.Line) string) map[BucketKey]*Bucket {
	buckets := map[BucketKey]*Bucket{}
	at := func(k BucketKey) *Bucket {
		b := buckets[k]
		if b == nil {
			b = &Bucket{Key: k}
			buckets[k] = b
		}
		return b
	}
	for _, l := range lines {
		if !Metered(l) {
			continue
		}
		invoice := l.InvoiceNumber
		if invoiceOf != nil {
			invoice = invoiceOf(l)
		}
		b := at(KeyOfLine(l, invoice))
		b.Lines = append(b.Lines, l)
	}
	for i := range groups {
		if g := &groups[i]; !g.Free {
			b := at(KeyOfGroup(&g.Group))
			b.Groups = append(b.Groups, g)
		}
	}
	for _, b := range buckets {
		b.share()
	}
	return buckets
}

// share gives each group to the line whose charge dates hold it; late usage has a line of its own (decision D06).
func (b *Bucket) share() {
	b.Share = make([][]*Listed, len(b.Lines))
	if len(b.Lines) == 0 {
		return
	}
	for _, g := range b.Groups {
		i := slices.IndexFunc(b.Lines, func(l *usage.Line) bool { return Holds(l, &g.Group) })
		if i < 0 {
			b.Stray = append(b.Stray, g)
			continue
		}
		b.Share[i] = append(b.Share[i], g)
	}
	if len(b.Stray) > 0 && !b.Uncharged() {
		i := b.StrayLine()
		b.Share[i] = append(b.Share[i], b.Stray...)
	}
}

// StrayLine is the index of the line that charges the stray usage: the one that lacks its quantity, else the last.
func (b *Bucket) StrayLine() int {
	stray := quantityOf(b.Stray)
	for i, l := range b.Lines {
		var own money.Decimal
		for _, g := range b.Share[i] {
			if !slices.Contains(b.Stray, g) {
				own = own.Add(g.Quantity)
			}
		}
		if l.BillableQuantity.Sub(own).Sub(stray).Abs().Cmp(quantityTolerance) <= 0 {
			return i
		}
	}
	return len(b.Lines) - 1
}

// Uncharged says that the lines' quantities are those of their own usage, so that no line charges the stray.
func (b *Bucket) Uncharged() bool {
	left := quantityOf(b.Groups).Sub(quantityOf(b.Stray))
	for _, l := range b.Lines {
		left = left.Sub(l.BillableQuantity)
	}
	return len(b.Stray) > 0 && left.Abs().Cmp(quantityTolerance) <= 0 && quantityOf(b.Stray).Abs().Cmp(quantityTolerance) > 0
}

// Holds says whether all days of the group lie in the line's charge dates.
func Holds(l *usage.Line, g *usage.Group) bool {
	return !g.From.Before(l.ChargeStart) && (l.ChargeEnd.IsZero() || !g.To.After(l.ChargeEnd))
}
