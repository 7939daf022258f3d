package billing

import (
	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Payment is money that came for a document, or went out for a credit note (then negative).
type Payment struct {
	ID            string         `json:"id"` // hashed from the other fields: the same payment twice is one
	InvoiceNumber string         `json:"invoice"`
	On            period.Date    `json:"on"`
	Amount        money.Decimal  `json:"amount"`
	Currency      money.Currency `json:"currency"`
	Reference     string         `json:"reference,omitempty"`
	Line          int            `json:"-"` // of the file that it was read from; 0: from none
}

// NewPayment makes a payment with its id.
func NewPayment(number string, on period.Date, amount money.Decimal, c money.Currency, reference string) Payment {
	return Payment{
		ID: id.Hash("pay", number, on.String(), amount.Plain(), string(c), reference), InvoiceNumber: number, On: on,
		Amount: amount, Currency: c, Reference: reference,
	}
}

// Pay applies a payment to an issued document; credits are its credit notes. A part leaves it issued, the rest makes it
// paid. More than is open is refused (payment.exceeds_open), so that money is never lost in a document: what a customer
// paid too much is booked on another invoice, or goes back. Other codes: payment.not_issued, payment.other_invoice,
// payment.currency, payment.amount.
func Pay(i Invoice, p Payment, credits ...Invoice) (Invoice, error) {
	open := i.Open(credits...)
	switch {
	case i.State != StateIssued && i.State != StatePaid && i.State != StateOverdue:
		return i, errs.New(errs.Precondition, "payment.not_issued", "%s is %s: only an issued document is paid", i.Name(), i.State)
	case p.InvoiceNumber != i.Number:
		return i, errs.New(errs.Invalid, "payment.other_invoice", "the payment is for %s, not for %s", p.InvoiceNumber, i.Number)
	case p.Currency != i.Currency:
		return i, errs.New(errs.Invalid, "payment.currency", "%s is in %s, the payment in %s", i.Number, i.Currency, p.Currency)
	case p.Amount.IsZero() || !p.Amount.Round(money.HalfUp, i.Currency.MinorUnits()).Equal(p.Amount):
		return i, errs.New(errs.Invalid, "payment.amount", "%s %s is no amount to pay", p.Amount, p.Currency)
	case p.Amount.Sign() != open.Sign() || open.Abs().Less(p.Amount.Abs()):
		return i, errs.New(errs.Precondition, "payment.exceeds_open", "%s %s for %s, of which %s is open", p.Amount,
			p.Currency, i.Number, open.Fixed(i.Currency.MinorUnits()))
	}
	i.Paid = exactly(i.Paid.Add(p.Amount), i.Currency)
	i.State = StateIssued
	if i.Open(credits...).IsZero() {
		i.State = StatePaid
	}
	return i, nil
}
