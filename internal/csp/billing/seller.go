package billing

import (
	"github.com/chandler-csp/chandler/internal/core/money"
)

// NegativePolicy says what happens when a customer's total of a period is below zero.
type NegativePolicy string

// The policies.
const (
	NegativeCreditNote   NegativePolicy = "credit-note"
	NegativeCarryForward NegativePolicy = "carry-forward"
)

// CorrectionPolicy says how a change that comes after an invoice was issued reaches the customer.
type CorrectionPolicy string

// The policies.
const (
	CorrectNextInvoice CorrectionPolicy = "next-invoice"
	CorrectCreditNote  CorrectionPolicy = "credit-note"
)

// NumberSeries says how documents of one type are numbered: Pattern with {year}, {month} and {n} or {n:05}; the
// counter starts anew with each year when the pattern names one. Numbers have no gap.
type NumberSeries struct {
	Pattern string `json:"pattern"`
	Start   int64  `json:"start,omitempty"` // first number, 1 when 0
}

// TaxPolicy is how a seller taxes: the domestic rate, and what applies to customers elsewhere.
type TaxPolicy struct {
	Rate          money.Decimal            `json:"rate"`                    // percent, domestic standard rate
	Rates         map[string]money.Decimal `json:"rates,omitempty"`         // by product category, where it differs
	ReverseCharge []string                 `json:"reverseCharge,omitempty"` // countries whose customers with a VAT id account for the tax themselves; "EU" for all of the Union
	Export        TaxCategory              `json:"export,omitempty"`        // category for other countries: G (default) or O
	Exempt        string                   `json:"exempt,omitempty"`        // reason why the seller charges no VAT at all (category E)
}

// ApprovalPolicy asks for a second person above an amount.
type ApprovalPolicy struct {
	FourEyesAbove map[money.Currency]money.Decimal `json:"fourEyesAbove,omitempty"`
}

// Seller is the partner's own legal entity and its policies; one per data folder.
type Seller struct {
	Party
	Bank             Bank             `json:"bank"`
	Logo             string           `json:"logo,omitempty"` // base64 of a PNG or JPEG, or a path beside the file
	TermsDays        int              `json:"termsDays"`
	Terms            string           `json:"terms,omitempty"`
	InvoiceSeries    NumberSeries     `json:"invoiceSeries"`
	CreditNoteSeries NumberSeries     `json:"creditNoteSeries"`
	Tax              TaxPolicy        `json:"tax"`
	Negative         NegativePolicy   `json:"negativeTotals"`
	Correction       CorrectionPolicy `json:"corrections"`
	Approval         ApprovalPolicy   `json:"approval"`
	Notes            []string         `json:"notes,omitempty"`
	Version          int64            `json:"version"`
}
