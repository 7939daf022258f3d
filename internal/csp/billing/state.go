package billing

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// The life of a document: draft -> validated -> approved -> issued -> paid. Before issue it can become void at any
// point; an issued one never does, since it may have reached the customer: a credit note takes it back (billing
// reference C3). Overdue is not stored but read from the due date.

func wrongState(i Invoice, want string) error {
	return errs.New(errs.Precondition, "invoice.wrong_state", "%s is %s: %s", i.Name(), i.State, want)
}

// Name is the document's number, or its id while it has none.
func (i Invoice) Name() string {
	if i.Number != "" {
		return i.Number
	}
	return i.ID
}

// Validate marks a draft as checked. Open findings, those without a waiver, refuse it by code invoice.findings_open. A
// validated document may be validated again.
func Validate(i Invoice, openFindings []string) (Invoice, error) {
	if i.State != StateDraft && i.State != StateValidated {
		return i, wrongState(i, "only a draft is validated")
	}
	if len(openFindings) > 0 {
		return i, errs.New(errs.Precondition, "invoice.findings_open", "%s has %d open findings: %s", i.Name(),
			len(openFindings), strings.Join(openFindings, "; "))
	}
	i.State = StateValidated
	return i, nil
}

// Approve lets a validated document be issued. Above the policy's amount the approver must not be who drafted it
// (code invoice.four_eyes); amounts compare by magnitude, tax included.
func Approve(i Invoice, by string, p ApprovalPolicy) (Invoice, error) {
	if i.State != StateValidated {
		return i, wrongState(i, "only a validated document is approved")
	}
	if by == "" {
		return i, errs.New(errs.Invalid, "invoice.approver_unknown", "%s: an approval names who gives it", i.Name())
	}
	if p.needsSecond(i) && by == i.DraftedBy {
		return i, errs.New(errs.Forbidden, "invoice.four_eyes",
			"%s over %s %s is above the limit of %s: somebody other than %s approves it", i.Name(),
			i.Gross.Fixed(i.Currency.MinorUnits()), i.Currency, p.FourEyesAbove[i.Currency].Plain(), by)
	}
	i.State, i.ApprovedBy = StateApproved, by
	return i, nil
}

func (p ApprovalPolicy) needsSecond(i Invoice) bool {
	limit, ok := p.FourEyesAbove[i.Currency]
	return ok && limit.Less(i.Gross.Abs())
}

// Issuance is what a document gets when it is issued.
type Issuance struct {
	Number string // from the series' gap-free counter, taken in the same transaction
	On     period.Date
	DueOn  period.Date
	At     time.Time
}

// Issue makes an approved document final: number, dates and a hash over its content. It refuses with every gap
// (code invoice.incomplete). From here on nothing of it changes but what was paid.
func Issue(i Invoice, s Seller, is Issuance) (Invoice, error) {
	if i.State != StateApproved {
		return i, wrongState(i, "only an approved document is issued")
	}
	gaps := ReadyToIssue(i, s)
	if is.Number == "" {
		gaps = append(gaps, errs.Field{Place: "/number", Code: "required", Detail: "a number of the series"})
	}
	if is.DueOn.Before(is.On) {
		gaps = append(gaps, errs.Field{Place: "/due_on", Code: "range", Detail: "due before it is issued"})
	}
	if err := errs.Join("invoice.incomplete", i.Name()+" cannot be issued yet", gaps); err != nil {
		return i, err
	}
	i.Number, i.IssuedOn, i.DueOn, i.IssuedAt, i.State = is.Number, is.On, is.DueOn, is.At, StateIssued
	i.ContentHash = i.Hash()
	return i, nil
}

// DueOn is the day on which a document issued on a day is due: after the buyer's days, or the seller's terms.
func DueOn(on period.Date, s Seller, b Buyer) period.Date {
	if b.PaymentDays != nil {
		return on.AddDays(*b.PaymentDays)
	}
	return on.AddDays(s.TermsDays)
}

// Void takes a document back before it is issued. An issued one is refused by code invoice.issued.
func Void(i Invoice, reason string) (Invoice, error) {
	switch {
	case i.Number != "" || i.State == StateIssued || i.State == StatePaid || i.State == StateOverdue:
		return i, errs.New(errs.Precondition, "invoice.issued", "%s is issued and stays as it is: credit it instead", i.Name())
	case i.State == StateVoid:
		return i, wrongState(i, "nothing to do")
	case strings.TrimSpace(reason) == "":
		return i, errs.New(errs.Invalid, "invoice.reason_missing", "%s: say why it is void", i.Name())
	}
	i.State, i.Reason = StateVoid, reason
	return i, nil
}

// StateOn is the state as a day sees it: issued and not paid after the due date is overdue. Credits are the credit
// notes that correct it.
func (i Invoice) StateOn(today period.Date, credits ...Invoice) State {
	if i.State == StateIssued && i.Type == TypeInvoice && today.After(i.DueOn) && i.Open(credits...).Sign() > 0 {
		return StateOverdue
	}
	return i.State
}

// Open is what is still to be paid: gross less payments and less what its credit notes took back. It is negative where
// the seller owes the customer.
func (i Invoice) Open(credits ...Invoice) money.Decimal {
	open := i.Gross.Sub(i.Paid)
	for k := range credits {
		if credits[k].credits(i) {
			open = open.Add(credits[k].Gross)
		}
	}
	return open
}

// credits says whether the document is an issued credit note of the invoice.
func (i Invoice) credits(original Invoice) bool {
	return (i.State == StateIssued || i.State == StatePaid) && original.Number != "" && i.corrects(original)
}

// Hash is the SHA-256 of the document's content in canonical JSON: everything but state, payments and the hash itself.
func (i Invoice) Hash() string {
	i.State, i.Paid, i.ContentHash = "", money.Zero, ""
	text, err := json.Marshal(i)
	if err != nil {
		panic(fmt.Sprintf("billing: marshal invoice: %v", err)) //nolint:forbidigo // every field marshals; a fault of ours
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}
