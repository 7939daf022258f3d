package recon

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// maxEvidence is the number of places that one finding names.
const maxEvidence = 20

// accountChecks finds what is wrong between documents and lines as such: lines under a wrong number, in a wrong
// currency, without a document, documents without lines.
func (c *checker) accountChecks() {
	for _, a := range c.ledger.accounts {
		c.movedFault(a)
		c.foreignFaults(a)
		c.documentFaults(a)
	}
}

// movedFault is the one finding of the lines that belong to this account but carry another number.
func (c *checker) movedFault(to *account) {
	f := &fault{}
	var size money.Decimal
	from := map[*account]money.Decimal{}
	for _, l := range c.in.Raw {
		if c.moved[l] != to {
			continue
		}
		f.count++
		size = size.Add(l.Total)
		f.witness(place(l, "InvoiceNumber", "%s; the amount is missing on %s", l.InvoiceNumber, to.number))
		if home := c.ledger.byNumber[l.InvoiceNumber]; home.currency == l.Currency {
			from[home] = from[home].Sub(l.Total)
		}
	}
	if f.count == 0 {
		return
	}
	f.Finding = Finding{
		Key: keyOf("L1", NotInDetail, to.number, "moved"), Level: "L1", Class: NotInDetail, Severity: Error, Currency: to.currency,
		Amount: amount(size), Evidence: f.Evidence, Message: fmt.Sprintf("%d lines of invoice %s carry another invoice's number", f.count, to.number),
	}
	f.effects = []money.Decimal{size}
	to.faults = append(to.faults, f)
	for a, off := range from {
		a.faults = append(a.faults, &fault{silent: true, count: f.count, effects: []money.Decimal{off}, Finding: Finding{Class: NotInDetail}})
	}
}

// foreignFaults are the lines in another currency than their invoice's; those of one currency are one finding.
func (c *checker) foreignFaults(a *account) {
	for _, l := range a.foreign {
		if c.moved[l] != nil {
			continue
		}
		c.blamed[l] = true
		f := lineFault("L3", FX, l, amount(l.Total), place(l, "Currency", "%s on an invoice in %s", l.Currency, a.currency),
			fmt.Sprintf("a line in %s stands on invoice %s, which is in %s", l.Currency, a.number, a.currency), l.Total)
		f.group = "currency " + string(l.Currency)
		c.add(a.number, f)
	}
}

func (c *checker) documentFaults(a *account) {
	if len(a.docs) == 0 {
		c.undocumented(a)
		return
	}
	for _, d := range a.docs {
		has := slices.ContainsFunc(a.lines, func(l *usage.Line) bool { return l.InvoiceNumber == d.Number })
		if has || d.AmendsOf == "" || d.TotalCharges.IsZero() {
			continue
		}
		a.faults = append(a.faults, &fault{tentative: true, count: 1, effects: []money.Decimal{d.TotalCharges}, Finding: Finding{
			Key: keyOf("L1", Credit, d.Number), Level: "L1", Class: Credit, Severity: Error, Currency: a.currency, Amount: amount(d.TotalCharges),
			Message:  fmt.Sprintf("%s %s amends invoice %s, but no line of it was imported", cmp.Or(d.DocumentType, "document"), d.Number, a.number),
			Evidence: []Evidence{{File: d.Place.File, Line: d.Place.Line, Column: "amendments", Detail: d.Number + " totalCharges " + d.TotalCharges.String()}},
		}})
	}
}

// undocumented handles lines whose invoice was not imported: a finding, unless no invoice was imported at all, so that
// there is nothing to prove against, or all of them belong to another invoice.
func (c *checker) undocumented(a *account) {
	if len(c.in.Documents) == 0 {
		c.note("no-document", fmt.Sprintf("invoice %s itself was not imported: its lines are not proved against a total", a.number), len(a.lines))
		return
	}
	own := slices.DeleteFunc(slices.Clone(a.lines), func(l *usage.Line) bool { return c.moved[l] != nil })
	if len(own) == 0 {
		return
	}
	class, sum := NotInDetail, totalOf(own)
	if creditsOnly(own) {
		class = Credit
	}
	f := &fault{count: len(own), effects: []money.Decimal{sum.Neg()}, Finding: Finding{
		Key: keyOf("L1", class, a.number), Level: "L1", Class: class, Severity: Error, Currency: a.currency, Amount: amount(sum),
		Message: fmt.Sprintf("%d lines of %s have no document", len(own), a.number),
	}}
	for _, l := range own {
		f.witness(place(l, "InvoiceNumber", "%s, total %s", a.number, l.Total))
	}
	a.faults = append(a.faults, f)
}
