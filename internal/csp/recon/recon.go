package recon

import (
	"fmt"

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
	in       Input
	ledger   *ledger
	moved    map[*usage.Line]*account
	buckets  map[rating.BucketKey]*rating.Bucket
	sorted   []*rating.Bucket
	rates    map[pair]money.Decimal
	credits  []creditCase
	unearned map[offer]bool
	modes    *modes
	blamed   map[*usage.Line]bool // lines whose fault has its finding
	flagged  map[rating.BucketKey]bool
	twice    map[*usage.Line]*fault
	merged   map[string]*fault // faults that are one finding, by invoice and what they share
	loose    []*fault          // faults of no account
	notes    []Note
	within   int // lines whose rounding lies within the bound
}

// Prepare sorts lines into invoices, joins usage to them and rates every line's upstream side.
func Prepare(in Input) *Prepared {
	c := &checker{
		in: in, ledger: newLedger(in.Documents, in.Raw), blamed: map[*usage.Line]bool{},
		flagged: map[rating.BucketKey]bool{}, twice: map[*usage.Line]*fault{}, merged: map[string]*fault{}, unearned: map[offer]bool{},
	}
	c.moved = c.ledger.misfiled()
	c.rates = consensus(in.Raw, in.Rates)
	c.buckets = rating.Join(in.Raw, c.creditedUsage(), func(l *usage.Line) string {
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
// The order is that in which one fault hides the next: what belongs to another invoice, customer or day says nothing
// about amounts; a wrong rate or price explains a wrong amount; what is left of an amount is its own fault.
func (p *Prepared) Check() Result {
	c := p.c
	c.accountChecks()
	c.duplicateChecks()
	c.creditChecks()
	c.bucketChecks()
	c.tenantChecks()
	c.typeChecks()
	c.eventChecks()
	c.lineChecks(c.checkTax, c.checkPeriod, c.checkFX, c.checkCredit, c.checkPrice)
	c.usageRateChecks()
	c.lineChecks(c.checkProration, c.checkAmount)
	c.moneyChecks()
	c.coverageNotes()
	return c.result()
}

// lineChecks runs checks on every line that has no finding yet. The first that speaks is the line's finding.
func (c *checker) lineChecks(checks ...func(*rating.Rated) *fault) {
	for _, r := range c.in.Lines {
		for _, check := range checks {
			if c.blamed[r.Line] || c.moved[r.Line] != nil {
				break
			}
			if f := check(r); f != nil {
				c.blamed[r.Line] = true
				c.add(r.Line.InvoiceNumber, f)
			}
		}
	}
}

// typeChecks: an unknown charge type still counts in every total (unknown is shown as unknown), and its amount is
// checked like any other.
func (c *checker) typeChecks() {
	for _, r := range c.in.Lines {
		if !r.Known {
			c.add(r.Line.InvoiceNumber, lineFault("L2", ChargeType, r.Line, amount(r.Line.Total),
				place(r.Line, "ChargeType", "%q is not a documented charge type", r.Line.ChargeType),
				fmt.Sprintf("charge type %q is unknown; the line counts in every total", r.Line.ChargeType)))
		}
	}
}

// coverageNotes tells what could not be checked.
func (c *checker) coverageNotes() {
	var unlisted int
	for _, r := range c.in.Lines {
		if r.Line.Family == usage.FamilyNewCommerce && r.Type != rating.ChargeCredit && len(r.ListPrice) == 0 {
			unlisted++
		}
	}
	if unlisted > 0 {
		c.note("not-in-sheet", fmt.Sprintf("%d lines have a product that no imported price sheet prices on their day; their unit price was not checked", unlisted), unlisted)
	}
	if c.within > 0 {
		c.note("rounding-within-bound", fmt.Sprintf("%d lines are not what their own numbers give, by no more than rounding may explain", c.within), c.within)
	}
	c.rateNotes()
}

// add files a fault with its invoice's account. Faults of one group are one finding.
func (c *checker) add(invoice string, f *fault) {
	if f.group != "" {
		key := invoice + "|" + string(f.Class) + "|" + f.group
		if first := c.merged[key]; first != nil {
			first.merge(f)
			return
		}
		c.merged[key] = f
	}
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

// anyBlamed says whether a line of the bucket has its finding already.
func (c *checker) anyBlamed(b *rating.Bucket) bool {
	for _, l := range b.Lines {
		if c.blamed[l] {
			return true
		}
	}
	return false
}
