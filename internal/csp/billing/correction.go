package billing

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// lineKey is what a charge keeps from run to run: a later run's line with the same key is the same charge. Charge ids
// and rules are not in it, since they change when a month is rated again.
type lineKey struct {
	customer, subscription, product, sku, meter, chargeType, service, category string
	from, to                                                                   period.Date
}

func keyOf(l *Line) lineKey {
	k := lineKey{
		l.CustomerID, strings.ToLower(l.SubscriptionID), l.ProductID, l.SkuID, strings.ToLower(l.MeterID),
		strings.ToLower(l.ChargeType), l.ServiceID, l.Category, l.ServiceFrom, l.ServiceTo,
	}
	if l.Grouped { // a group stays itself when a charge of another type or with other days joins it
		k.chargeType, k.from, k.to = "", period.Date{}, period.Date{}
	}
	return k
}

// billed is what was billed, or is now, under one key. The line is the first seen, for its words and its tax.
type billed struct {
	line                        Line
	number                      string
	net, quantity, cost, retail money.Decimal
	charges                     []string
}

func (b *billed) add(l *Line) {
	b.net, b.quantity = b.net.Add(l.Net), b.quantity.Add(l.Quantity)
	b.cost, b.retail = b.cost.Add(l.Cost), b.retail.Add(l.Retail)
	b.charges = append(b.charges, l.ChargeIDs...)
}

// Compare finds what changed in a period after it was billed. Issued are the buyer's issued documents: those of the
// period, their credit notes, and later ones with correction lines of it; now are the lines that a new run makes of the
// period. Each charge that differs gives one correction line of the difference, with the old service period and the
// tax and rule that the issued line had. Issued and corrections together then equal now, charge by charge; no
// difference, no line. Carried balances and rounding lines are no charges and take no part.
//
// What a person credited stays credited: such notes take no part either. Only an invoice that was credited in full is as
// if it had never been, so that its charges are billed anew.
func Compare(issued []Invoice, now []SellLine, m period.Month, c money.Currency) []SellLine {
	before, after := map[lineKey]*billed{}, map[lineKey]*billed{}
	taken := takenBack(issued)
	for i := range issued {
		inv := &issued[i]
		if inv.counts(c, taken) {
			collectIssued(before, inv, m)
		}
	}
	for i := range now {
		if now[i].Currency == c {
			collect(after, &now[i].Line, "")
		}
	}
	var lines []SellLine
	for key := range union(before, after) {
		if line, differs := difference(before[key], after[key], m, c); differs {
			line.present(c)
			lines = append(lines, SellLine{c, line})
		}
	}
	slices.SortFunc(lines, func(a, b SellLine) int {
		return cmp.Or(cmp.Compare(a.Description, b.Description), a.ServiceFrom.Compare(b.ServiceFrom),
			cmp.Compare(a.SubscriptionID, b.SubscriptionID), cmp.Compare(a.ProductID, b.ProductID),
			cmp.Compare(a.SkuID, b.SkuID), cmp.Compare(a.MeterID, b.MeterID), cmp.Compare(a.ChargeType, b.ChargeType),
			cmp.Compare(a.ServiceID, b.ServiceID), a.ServiceTo.Compare(b.ServiceTo), cmp.Compare(a.Category, b.Category))
	})
	return lines
}

// Mirrors says whether the document is a credit that a person asked for: its lines name lines of the original.
func (i *Invoice) Mirrors() bool {
	return i.Type == TypeCreditNote && len(i.Lines) > 0 && i.Lines[0].CorrectsLine > 0
}

// takenBack finds the invoices that were credited in full.
func takenBack(issued []Invoice) map[string]bool {
	left, taken := map[string]money.Decimal{}, map[string]bool{}
	for i := range issued {
		if inv := &issued[i]; inv.Number != "" && inv.Mirrors() && inv.Corrects != nil {
			left[inv.Corrects.Number] = left[inv.Corrects.Number].Add(inv.Net)
		}
	}
	for i := range issued {
		if credited, ok := left[issued[i].Number]; ok && issued[i].Net.Add(credited).IsZero() {
			taken[issued[i].Number] = true
		}
	}
	return taken
}

// Billed finds the lines under which issued documents billed the charge of a correction line: those whose nets sum to
// Change.Billed.
func Billed(issued []Invoice, correction Line, c money.Currency) []BilledLine {
	var list []BilledLine
	taken := takenBack(issued)
	for i := range issued {
		inv := &issued[i]
		if !inv.counts(c, taken) {
			continue
		}
		for k := range inv.Lines {
			if l := &inv.Lines[k]; inv.of(l) == correction.CorrectsPeriod && !l.carries() && keyOf(l) == keyOf(&correction) {
				list = append(list, BilledLine{inv.Number, l.N, l.Net})
			}
		}
	}
	return list
}

// BilledLine is a line of an issued document.
type BilledLine struct {
	Number string
	N      int
	Net    money.Decimal
}

// counts says whether the document bills charges in the currency that a later run compares with.
func (i *Invoice) counts(c money.Currency, taken map[string]bool) bool {
	return i.Currency == c && i.Number != "" && i.State != StateVoid && !taken[i.Number] && !i.Mirrors()
}

// of is the period whose charge the line bills: the document's, or the one that it corrects.
func (i *Invoice) of(l *Line) period.Month {
	if l.Kind == KindCorrection && !l.CorrectsPeriod.IsZero() {
		return l.CorrectsPeriod
	}
	return i.Period
}

// carries says whether the line is no charge of its own: a balance of earlier ones, or a rounding.
func (l *Line) carries() bool { return l.Kind == KindCarryForward || l.Kind == KindRounding }

// Standing leaves out invoices that were credited in full, with the notes that did it: they are as if they had never
// been, and what they billed is billed anew.
func Standing(issued []Invoice) []Invoice {
	taken := takenBack(issued)
	return slices.DeleteFunc(slices.Clone(issued), func(i Invoice) bool {
		return taken[i.Number] || i.Mirrors() && i.Corrects != nil && taken[i.Corrects.Number]
	})
}

// collectIssued takes the lines of a document that belong to the period: its own, or corrections of it.
func collectIssued(into map[lineKey]*billed, inv *Invoice, m period.Month) {
	for k := range inv.Lines {
		if l := &inv.Lines[k]; inv.of(l) == m {
			collect(into, l, inv.Number)
		}
	}
}

func collect(into map[lineKey]*billed, l *Line, number string) {
	if l.carries() {
		return
	}
	key := keyOf(l)
	if into[key] == nil {
		into[key] = &billed{line: *l, number: number}
	}
	into[key].add(l)
}

func union(a, b map[lineKey]*billed) map[lineKey]bool {
	keys := make(map[lineKey]bool, len(a)+len(b))
	for k := range a {
		keys[k] = true
	}
	for k := range b {
		keys[k] = true
	}
	return keys
}

// difference is the correction from before to after.
func difference(before, after *billed, m period.Month, c money.Currency) (Line, bool) {
	if before == nil {
		before = &billed{}
	}
	gone := after == nil
	if gone {
		after = &billed{line: before.line}
	}
	net := after.net.Sub(before.net)
	if net.IsZero() {
		return Line{}, false
	}
	l := after.line
	l.Kind, l.CorrectsPeriod, l.CorrectsNumber, l.CorrectsLine = KindCorrection, m, before.number, 0
	l.Net, l.Quantity = net, after.quantity.Sub(before.quantity)
	l.Cost, l.Retail = after.cost.Sub(before.cost), after.retail.Sub(before.retail)
	l.Exchange = nil
	if before.number != "" {
		l.Tax, l.TaxRate = before.line.Tax, before.line.TaxRate
	}
	l.ChargeIDs, l.Change = after.charges, &Change{exactly(before.net, c), exactly(after.net, c)}
	l.Description = correctionWords(&l, before, after, c.MinorUnits())
	return l, true
}

func correctionWords(l *Line, before, after *billed, scale int32) string {
	what := strings.TrimPrefix(l.Description, "Correction: ")
	if before.number == "" {
		return fmt.Sprintf("Correction: %s (%s, not billed before)", what, l.CorrectsPeriod)
	}
	what, _, _ = strings.Cut(what, " (billed ")
	return fmt.Sprintf("Correction: %s (billed %s, now %s)", what, before.net.Fixed(scale), after.net.Fixed(scale))
}
