package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// documents drafts every buyer's documents of the period.
func (s *selling) documents(logo []byte, by string, now time.Time) (drafts []billing.Invoice, balances []billing.Balance, problems []string) {
	problems = append(problems, s.missing...)
	buyers := map[string]bool{}
	for b := range s.lines {
		buyers[b] = true
	}
	for _, b := range s.ps.Balances {
		buyers[b.CustomerID] = true
	}
	for _, inv := range s.ps.Issued {
		buyers[inv.CustomerID] = true
	}
	list := make([]string, 0, len(buyers))
	for b := range buyers {
		list = append(list, b)
	}
	slices.SortFunc(list, func(x, y string) int {
		return cmp.Or(strings.Compare(s.ps.ref(x).Name, s.ps.ref(y).Name), strings.Compare(x, y))
	})
	for _, id := range list {
		d := billing.Draft(s.input(id, logo, by, now))
		drafts, balances = append(drafts, d.Invoices...), append(balances, d.Balances...)
		for _, p := range d.Problems {
			problems = append(problems, fmt.Sprintf("%s: %s: %s", s.ps.ref(p.CustomerID).Name, p.Field.Place, p.Field.Detail))
		}
		notes, left := s.correctByDocument(id, by, now)
		drafts, problems = append(drafts, notes...), append(problems, left...)
	}
	return drafts, balances, problems
}

// input is what one buyer's drafts are made of. Where documents of the period are issued already, only what changed
// since is drafted, as corrections.
func (s *selling) input(buyer string, logo []byte, by string, now time.Time) billing.DraftInput {
	in := billing.DraftInput{
		Seller: s.ps.Seller, Logo: logo, Buyer: s.ps.buyer(buyer), Period: s.m.period, RunID: s.runID, Estimate: s.m.estimate,
		By: by, Now: now, Lines: s.lines[buyer], Usage: s.usage[buyer],
	}
	for _, b := range s.ps.Balances {
		if b.CustomerID == buyer {
			in.Carried = append(in.Carried, b)
		}
	}
	if issued := s.ps.issuedTo[buyer]; len(issued) > 0 {
		in.Lines, in.Usage = s.corrections(buyer, issued), nil
	}
	return in
}

// corrections are the differences to what was issued, in every currency; by policy, those that a credit note takes
// back are left to correctByDocument.
func (s *selling) corrections(buyer string, issued []billing.Invoice) []billing.SellLine {
	var out []billing.SellLine
	for _, c := range s.currencies(buyer, issued) {
		lines := billing.Compare(issued, s.lines[buyer], s.m.period, c)
		if s.ps.Seller.Correction == billing.CorrectCreditNote && netOf(lines).Sign() < 0 {
			continue
		}
		out = append(out, lines...)
	}
	return out
}

func (s *selling) currencies(buyer string, issued []billing.Invoice) []money.Currency {
	out := make([]money.Currency, 0, len(issued)+len(s.lines[buyer]))
	for _, inv := range issued {
		out = append(out, inv.Currency)
	}
	for _, l := range s.lines[buyer] {
		out = append(out, l.Currency)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func netOf(lines []billing.SellLine) money.Decimal {
	var sum money.Decimal
	for i := range lines {
		sum = sum.Add(lines[i].Net)
	}
	return sum
}

// correctByDocument drafts the credit notes that the seller's policy asks for in place of correction lines, and tells
// what no invoice has left to credit.
func (s *selling) correctByDocument(buyer, by string, now time.Time) (notes []billing.Invoice, problems []string) {
	issued := s.ps.issuedTo[buyer]
	if s.ps.Seller.Correction != billing.CorrectCreditNote || len(issued) == 0 {
		return nil, nil
	}
	for _, c := range s.currencies(buyer, issued) {
		lines := billing.Compare(issued, s.lines[buyer], s.m.period, c)
		if netOf(lines).Sign() >= 0 {
			continue
		}
		list, left := billing.CreditCorrections(issued, lines, s.runID, by, now)
		notes = append(notes, list...)
		if !left.IsZero() {
			problems = append(problems, fmt.Sprintf("%s: %s fell away after issue, but its invoices have no more left to credit: a person credited them",
				s.ps.ref(buyer).Name, inCurrency(left.Neg(), c)))
		}
	}
	return notes, problems
}
