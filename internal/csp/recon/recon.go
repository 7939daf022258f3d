package recon

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/rating"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// Input is everything a period's reconciliation looks at.
type Input struct {
	Period    period.Month
	Estimate  bool
	Documents []usage.Document
	Raw       []*usage.Line   // all reconciliation lines of the period
	Lines     []*rating.Rated // the same, rated; filled by Prepare
	Listed    []rating.Listed // all usage of the period, free rows included
	Sheet     *catalog.Sheet
	Rates     map[money.Currency]money.Decimal  // US dollars per unit in the month, empty when not imported
	RowsOf    func(groupIDs []int64) []Evidence // where usage groups were read; nil: not asked
}

// Prepared is a period whose lines and usage have met: what rating needs before the partner's prices, and what Check
// needs after.
type Prepared struct{ c *checker }

type checker struct {
	in      Input
	ledger  *ledger
	moved   map[*usage.Line]*account
	buckets map[rating.BucketKey]*rating.Bucket
	rates   map[pair]money.Decimal
	blamed  map[*usage.Line]bool // lines whose fault has its finding
	flagged map[rating.BucketKey]bool
	twice   map[*usage.Line]*fault
	loose   []*fault // faults of no account
	notes   []Note
}

// Prepare sorts lines into invoices, joins usage to them and rates every line's upstream side.
func Prepare(in Input) *Prepared {
	c := &checker{in: in, ledger: newLedger(in.Documents, in.Raw), blamed: map[*usage.Line]bool{},
		flagged: map[rating.BucketKey]bool{}, twice: map[*usage.Line]*fault{}}
	c.moved = c.ledger.misfiled()
	c.rates = consensus(in.Raw, in.Rates)
	c.buckets = rating.Join(in.Raw, c.checkPEC(), func(l *usage.Line) string {
		if a := c.moved[l]; a != nil {
			return a.number
		}
		return l.InvoiceNumber
	})
	share := map[*usage.Line][]*rating.Listed{}
	for _, b := range c.buckets {
		for i, l := range b.Lines {
			share[l] = b.Share[i]
		}
	}
	for _, l := range in.Raw {
		r := rating.Rate(l, share[l], in.Sheet)
		c.in.Lines = append(c.in.Lines, &r)
	}
	return &Prepared{c}
}

// Lines are the rated lines, in the order of the input.
func (p *Prepared) Lines() []*rating.Rated { return p.c.in.Lines }

// Check runs the levels and returns the result; customers' totals are added by the caller, who knows the sell side.
func (p *Prepared) Check() Result {
	c := p.c
	c.accountChecks()
	c.duplicateChecks()
	c.usageChecks()
	c.eventChecks()
	c.tenantChecks()
	var unlisted int
	for _, r := range c.in.Lines {
		if f := c.checkType(r); f != nil {
			c.add(r.Line.InvoiceNumber, f)
		}
		if c.blamed[r.Line] || c.moved[r.Line] != nil {
			continue
		}
		if f := c.lineChecks(r); f != nil {
			c.add(r.Line.InvoiceNumber, f)
		}
		if needsSheet(r) && !hasSheet(c.in.Sheet, r.Line) {
			unlisted++
		}
	}
	if unlisted > 0 {
		c.note("not-in-sheet", fmt.Sprintf("%d lines have a product that no imported price sheet lists; their unit price was not checked", unlisted), unlisted)
	}
	return c.result()
}

func needsSheet(r *rating.Rated) bool {
	return r.Line.Family == usage.FamilyNewCommerce && r.Type != rating.ChargeCredit
}

// add files a fault with its invoice's account.
func (c *checker) add(invoice string, f *fault) {
	if a := c.ledger.byNumber[invoice]; a != nil {
		a.faults = append(a.faults, f)
		return
	}
	c.loose = append(c.loose, f)
}

func (c *checker) note(code, message string, count int) {
	c.notes = append(c.notes, Note{Code: code, Message: message, Count: count})
}

func (c *checker) blame(b *rating.Bucket) {
	for _, l := range b.Lines {
		c.blamed[l] = true
	}
}

// accountChecks finds what is wrong between documents and lines as such: lines under a wrong number, in a wrong
// currency, without a document, documents without lines.
func (c *checker) accountChecks() {
	for _, a := range c.ledger.accounts {
		c.movedFault(a)
		for _, l := range a.foreign {
			if c.moved[l] == nil {
				c.blamed[l] = true
				a.faults = append(a.faults, lineFault("L3", FX, l, amount(l.Total),
					place(l, "Currency", "%s on an invoice in %s", l.Currency, a.currency),
					fmt.Sprintf("a line in %s stands on invoice %s, which is in %s", l.Currency, a.number, a.currency), l.Total))
			}
		}
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
		f.Evidence = append(f.Evidence, place(l, "InvoiceNumber", "%s; the amount is missing on %s", l.InvoiceNumber, to.number))
		if home := c.ledger.byNumber[l.InvoiceNumber]; home.currency == l.Currency {
			from[home] = from[home].Sub(l.Total)
		}
	}
	if f.count == 0 {
		return
	}
	f.Finding = Finding{Key: keyOf("L1", NotInDetail, to.number, "moved"), Level: "L1", Class: NotInDetail, Severity: Error, Currency: to.currency,
		Amount: amount(size), Evidence: f.Evidence, Message: fmt.Sprintf("%d lines of invoice %s carry another invoice's number", f.count, to.number)}
	f.effects = []money.Decimal{size}
	to.faults = append(to.faults, f)
	for a, off := range from {
		a.faults = append(a.faults, &fault{silent: true, count: f.count, effects: []money.Decimal{off}, Finding: Finding{Class: NotInDetail}})
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
			Evidence: []Evidence{{File: d.Place.File, Line: d.Place.Line, Column: "amendments", Detail: d.Number + " totalCharges " + d.TotalCharges.String()}}}})
	}
}

// undocumented handles lines whose invoice was not imported: a finding, unless no invoice was imported at all, so that
// there is nothing to prove against.
func (c *checker) undocumented(a *account) {
	if len(c.in.Documents) == 0 {
		c.note("no-document", fmt.Sprintf("invoice %s itself was not imported: its lines are not proved against a total", a.number), len(a.lines))
		return
	}
	class, sum := NotInDetail, a.accounted()
	if creditsOnly(a.lines) {
		class = Credit
	}
	f := &fault{count: len(a.lines), effects: []money.Decimal{sum.Neg()}, Finding: Finding{Key: keyOf("L1", class, a.number), Level: "L1", Class: class,
		Severity: Error, Currency: a.currency, Amount: amount(sum), Message: fmt.Sprintf("%d lines of %s have no document", len(a.lines), a.number)}}
	for _, l := range a.lines[:min(len(a.lines), maxEvidence)] {
		f.Evidence = append(f.Evidence, place(l, "InvoiceNumber", "%s, total %s", a.number, l.Total))
	}
	a.faults = append(a.faults, f)
}

// maxEvidence is the number of places that one finding names.
const maxEvidence = 20

// duplicateChecks finds lines that are equal in every field. Equal lines are legal; they are a finding where the
// invoice or the usage shows that one of them is too many.
func (c *checker) duplicateChecks() {
	seen := map[string]*usage.Line{}
	for _, l := range c.in.Raw {
		if l.Family == usage.FamilyCostRow {
			continue
		}
		k := roughly(l)
		first := seen[k]
		if first == nil {
			seen[k] = l
			continue
		}
		if content(first) != content(l) {
			continue
		}
		f := lineFault("L1", Duplicate, l, amount(l.Total), place(l, "", "the same line as %s:%d", first.Place.File, first.Place.Line),
			"a line of "+name(l)+" stands twice", l.Total.Neg())
		f.tentative, c.twice[l] = true, f
		c.add(l.InvoiceNumber, f)
	}
}

// roughly is a cheap key that equal lines share.
func roughly(l *usage.Line) string {
	return strings.Join([]string{l.InvoiceNumber, l.SubscriptionID, l.ProductID, l.SkuID, l.AvailabilityID, l.AlternateID,
		l.OrderID, l.ReferenceID, l.ChargeType, l.Subtotal.Plain(), l.BillableQuantity.Plain(), l.ChargeStart.String()}, "|")
}

// content is a line without what differs by its place.
func content(l *usage.Line) string {
	copied := *l
	copied.ID, copied.DataSet, copied.Place = "", "", usage.Place{}
	return fmt.Sprintf("%+v", copied)
}

// tenantChecks: all lines of a subscription name one tenant.
func (c *checker) tenantChecks() {
	tenants := map[string]map[string]int{}
	for _, l := range c.in.Raw {
		if l.SubscriptionID != "" && l.CustomerID != "" && l.Family != usage.FamilyCostRow {
			if tenants[l.SubscriptionID] == nil {
				tenants[l.SubscriptionID] = map[string]int{}
			}
			tenants[l.SubscriptionID][l.CustomerID]++
		}
	}
	for _, l := range c.in.Raw {
		of := tenants[l.SubscriptionID]
		if len(of) < 2 || c.blamed[l] {
			continue
		}
		most := slices.MaxFunc(slices.Sorted(maps.Keys(of)), func(a, b string) int { return cmp.Compare(of[a], of[b]) })
		if l.CustomerID == most || l.CustomerID == "" {
			continue
		}
		c.blamed[l] = true
		c.add(l.InvoiceNumber, lineFault("L4", Customer, l, amount(l.Subtotal), place(l, "CustomerId", "%s", l.CustomerID),
			fmt.Sprintf("a line of subscription %s names tenant %s, the others %s", l.SubscriptionID, l.CustomerID, most)))
	}
}

// result puts accounts, findings and notes together. A tentative fault counts only where it explains a difference.
func (c *checker) result() Result {
	res := Result{Period: c.in.Period, Estimate: c.in.Estimate, Seats: seats(c.in.Lines), Rounding: c.rounding(), Notes: c.notes}
	for _, a := range c.ledger.accounts {
		classes, extra := a.explain()
		chosen, explained := choose(a.faults, a.difference())
		for i, f := range a.faults {
			if !f.silent && (!f.tentative || explained && !chosen[i].IsZero()) {
				res.Findings = append(res.Findings, f.Finding)
			}
		}
		if extra != nil {
			res.Findings = append(res.Findings, extra.Finding)
		}
		res.Invoices = append(res.Invoices, Invoice{Invoice: a.number, Currency: a.currency, Upstream: a.upstream(), Accounted: a.accounted(),
			Difference: a.difference(), Documents: a.documents(), Classes: classes, Lines: len(a.lines)})
	}
	for _, f := range c.loose {
		res.Findings = append(res.Findings, f.Finding)
	}
	slices.SortStableFunc(res.Invoices, func(a, b Invoice) int { return strings.Compare(a.Invoice, b.Invoice) })
	slices.SortStableFunc(res.Findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Level, b.Level), strings.Compare(string(a.Class), string(b.Class)), strings.Compare(a.Key, b.Key))
	})
	return res
}

// rounding lists what truncation kept back in each bucket that has lines and usage; a bucket whose usage is all free
// keeps nothing back.
func (c *checker) rounding() []RoundingBucket {
	var out []RoundingBucket
	seen := map[rating.BucketKey]bool{}
	add := func(k rating.BucketKey, variance money.Decimal) {
		seen[k] = true
		out = append(out, RoundingBucket{k.InvoiceNumber, k.SubscriptionID, k.ProductID, k.SkuID, k.AvailabilityID, k.PEC, variance})
	}
	for _, b := range c.sortedBuckets() {
		seen[b.Key] = true
		if len(b.Lines) > 0 && len(b.Groups) > 0 {
			add(b.Key, b.UsageBilled().Sub(subtotal(b)))
		}
	}
	for i := range c.in.Listed {
		if g := &c.in.Listed[i]; g.Free && !seen[rating.KeyOfGroup(&g.Group)] {
			add(rating.KeyOfGroup(&g.Group), g.Billed.Round(money.Down, 2))
		}
	}
	return out
}
