package billing

import (
	"time"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// CreditCorrections makes corrections whose sum is negative into credit notes, for the policy credit-note: each takes
// back from the issued invoice that billed the charge, the newest first, and never more than is left of it. Left is what
// no invoice can take, since a person credited it before. Corrections must come from Compare over the same documents.
func CreditCorrections(issued []Invoice, corrections []SellLine, runID, by string, now time.Time) (notes []Invoice, left money.Decimal) {
	if len(corrections) == 0 {
		return nil, money.Zero
	}
	s := sharing{of: takers(issued, corrections[0].Currency)}
	for i := range corrections {
		if l := &corrections[i].Line; l.Net.Sign() < 0 {
			rest := s.takeBack(*l, func(t *taker) money.Decimal { return t.had[keyOf(l)] })
			left = left.Add(s.takeBack(rest, func(t *taker) money.Decimal { return t.left }).Net)
		}
	}
	for i := range corrections {
		if l := &corrections[i].Line; l.Net.Sign() > 0 {
			left = left.Add(s.charge(*l).Net)
		}
	}
	for i := range s.of {
		if t := &s.of[i]; len(t.lines) > 0 {
			notes = append(notes, correctionNote(*t.invoice, issued, t.lines, runID, by, now))
		}
	}
	return notes, left
}

// taker is an issued invoice from which corrections take back.
type taker struct {
	invoice *Invoice
	had     map[lineKey]money.Decimal // what it bills of each charge, less what was taken back
	left    money.Decimal             // net of it that is not credited
	taken   money.Decimal             // what this run takes back of it, above 0
	lines   []Line
}

// takers are the invoices of a currency that are not credited in full, newest first.
func takers(issued []Invoice, c money.Currency) []taker {
	var list []taker
	for i := len(issued) - 1; i >= 0; i-- {
		inv := &issued[i]
		if inv.Type != TypeInvoice || inv.Currency != c || inv.Number == "" || inv.State == StateVoid {
			continue
		}
		t := taker{invoice: inv, had: map[lineKey]money.Decimal{}, left: inv.Net}
		t.count(inv)
		for k := range issued {
			if issued[k].corrects(*inv) {
				t.left = t.left.Add(issued[k].Net)
				t.count(&issued[k])
			}
		}
		if t.left.Sign() > 0 {
			list = append(list, t)
		}
	}
	return list
}

func (t *taker) count(inv *Invoice) {
	for i := range inv.Lines {
		l := inv.Lines[i]
		key := keyOf(&l)
		t.had[key] = t.had[key].Add(l.Net)
	}
}

// sharing spreads corrections over the invoices that they take back from.
type sharing struct{ of []taker }

// takeBack takes a line below 0 back from the invoices, of each at most limit and what is left of it, and returns what
// none could take.
func (s sharing) takeBack(l Line, limit func(*taker) money.Decimal) Line {
	for i := range s.of {
		t := &s.of[i]
		n := money.Min(l.Net.Neg(), money.Min(limit(t), t.left))
		if n.Sign() <= 0 {
			continue
		}
		var part Line
		part, l = l.split(n.Neg())
		t.add(part)
		t.had[keyOf(&part)] = t.had[keyOf(&part)].Sub(n)
		t.left, t.taken = t.left.Sub(n), t.taken.Add(n)
	}
	return l
}

// charge sets a line above 0 against what was taken back, so that no note charges more than it credits.
func (s sharing) charge(l Line) Line {
	for i := range s.of {
		t := &s.of[i]
		n := money.Min(l.Net, t.taken)
		if n.Sign() <= 0 {
			continue
		}
		var part Line
		part, l = l.split(n)
		t.add(part)
		t.left, t.taken = t.left.Add(n), t.taken.Sub(n)
	}
	return l
}

// add puts a part on the note. Its tax is the invoice's where it has none of its own.
func (t *taker) add(part Line) {
	part.CorrectsNumber = t.invoice.Number
	if part.Tax == "" {
		part.Tax, part.TaxRate = t.invoice.Lines[0].Tax, t.invoice.Lines[0].TaxRate
	}
	part.present(t.invoice.Currency)
	t.lines = append(t.lines, part)
}

// split cuts net off a line; quantity, cost and retail go with it in proportion.
func (l *Line) split(net money.Decimal) (part, rest Line) {
	part, rest = *l, *l
	if net.Equal(l.Net) {
		rest.Net = money.Zero
		return part, rest
	}
	part.Net, rest.Net = net, l.Net.Sub(net)
	for _, f := range []struct{ of, part, rest *money.Decimal }{
		{&l.Quantity, &part.Quantity, &rest.Quantity}, {&l.Cost, &part.Cost, &rest.Cost}, {&l.Retail, &part.Retail, &rest.Retail},
	} {
		*f.part = partOf(*f.of, net, l.Net)
		*f.rest = f.of.Sub(*f.part)
	}
	return part, rest
}

// correctionNote is the draft credit note of an invoice with correction lines.
func correctionNote(original Invoice, issued []Invoice, lines []Line, runID, by string, now time.Time) Invoice {
	doc := original
	doc.ID = id.Hash("inv", "correction", runID, original.ID)
	doc.RunID, doc.Type, doc.State, doc.Number, doc.ContentHash = runID, TypeCreditNote, StateDraft, "", ""
	doc.IssuedOn, doc.DueOn, doc.IssuedAt, doc.CreatedAt = period.Date{}, period.Date{}, time.Time{}, now
	doc.Paid, doc.ApprovedBy, doc.DraftedBy, doc.Usage = money.Zero, "", by, nil
	doc.Lines = lines
	doc.order()
	doc.ServiceFrom, doc.ServiceTo = spanOf(doc.Lines, doc.Period)
	doc.Taxes = Subtotals(doc.Lines, doc.Currency, reasonsOf(original.Taxes))
	capTaxes(&doc, original, issued)
	doc.total()
	doc.Corrects, doc.Reason = &Reference{original.Number, original.IssuedOn}, "Correction of "+original.Number
	return doc
}

// reasonsOf are the reasons that a document gave for not taxing.
func reasonsOf(taxes []TaxSubtotal) map[TaxCategory]Taxation {
	why := map[TaxCategory]Taxation{}
	for _, t := range taxes {
		why[t.Category] = Taxation{t.Category, t.Rate, t.Reason, t.Code}
	}
	return why
}
