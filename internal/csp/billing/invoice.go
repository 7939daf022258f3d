// Package billing holds the partner's own invoices: what a customer owes, from draft to paid, their numbers, taxes,
// credit notes and corrections. It owns the states and their rules; it renders nothing and stores nothing. Invariant:
// an issued invoice never changes, and its number has no gap before it.
package billing

import (
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Type is what a document is. The UBL codes are 380 and 381.
type Type string

// The types.
const (
	TypeInvoice    Type = "invoice"
	TypeCreditNote Type = "credit-note"
)

// State is where a document stands. Overdue is derived from Issued and the due date when it is read.
type State string

// The states.
const (
	StateDraft     State = "draft"
	StateValidated State = "validated"
	StateApproved  State = "approved"
	StateIssued    State = "issued"
	StatePaid      State = "paid"
	StateOverdue   State = "overdue"
	StateVoid      State = "void"
)

// Address is a postal address. Country is ISO 3166-1 alpha-2.
type Address struct {
	Street     string `json:"street,omitempty"`
	Additional string `json:"additional,omitempty"`
	City       string `json:"city,omitempty"`
	PostalCode string `json:"postalCode,omitempty"`
	Region     string `json:"region,omitempty"`
	Country    string `json:"country,omitempty"`
}

// Contact is a person or desk to write to.
type Contact struct {
	Name  string `json:"name,omitempty"`
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// Party is a seller or a buyer as a document names it.
type Party struct {
	Name           string  `json:"name"`
	LegalName      string  `json:"legalName,omitempty"`
	Address        Address `json:"address"`
	VATID          string  `json:"vatId,omitempty"`
	CompanyID      string  `json:"companyId,omitempty"` // legal registration (BT-30, BT-47)
	EndpointID     string  `json:"endpointId,omitempty"`
	EndpointScheme string  `json:"endpointScheme,omitempty"` // EAS code, such as 0088, 9930
	Contact        Contact `json:"contact"`
}

// Bank is where a customer pays to.
type Bank struct {
	AccountName string `json:"accountName,omitempty"`
	IBAN        string `json:"iban,omitempty"`
	BIC         string `json:"bic,omitempty"`
}

// TaxCategory is an EN 16931 VAT category code (UNCL5305).
type TaxCategory string

// The categories.
const (
	TaxStandard      TaxCategory = "S"
	TaxZero          TaxCategory = "Z"
	TaxExempt        TaxCategory = "E"
	TaxReverseCharge TaxCategory = "AE"
	TaxExport        TaxCategory = "G"
	TaxOutOfScope    TaxCategory = "O"
	TaxIntraEU       TaxCategory = "K"
)

// TaxSubtotal is the tax of one category and rate: Base x Rate, rounded once (BR-CO-17).
type TaxSubtotal struct {
	Category TaxCategory   `json:"category"`
	Rate     money.Decimal `json:"rate"` // percent
	Base     money.Decimal `json:"base"`
	Amount   money.Decimal `json:"amount"`
	Reason   string        `json:"reason,omitempty"`     // why no tax is charged
	Code     string        `json:"reasonCode,omitempty"` // VATEX code
}

// Exchange is a conversion that was applied once to a line.
type Exchange struct {
	From   money.Currency `json:"from"`
	Amount money.Decimal  `json:"amount"` // before conversion, in From
	Rate   money.Decimal  `json:"rate"`   // document currency per 1 From
	Source string         `json:"source"`
	On     period.Date    `json:"on"`
}

// Kind says what a line is for.
type Kind string

// The kinds of lines.
const (
	KindCharge       Kind = "charge"        // from reconciliation lines
	KindMinimumFee   Kind = "minimum-fee"   // the shortfall to a minimum
	KindService      Kind = "service"       // a value-added service
	KindCorrection   Kind = "correction"    // of an earlier, issued period
	KindCarryForward Kind = "carry-forward" // a negative total of an earlier period
	KindRounding     Kind = "rounding"      // document-level rounding
)

// Line is one line of a document. Net is Quantity x UnitPrice after the rule's own rounding, which need not reproduce
// from a displayed unit price. Cost and Retail are the partner's and never printed for a customer.
type Line struct {
	N            int            `json:"n"`
	Kind         Kind           `json:"kind"`
	Category     string         `json:"category"` // product category, for grouping and accounts
	Group        string         `json:"group"`    // display group, such as a service's name
	Description  string         `json:"description"`
	ServiceFrom  period.Date    `json:"service_from"`
	ServiceTo    period.Date    `json:"service_to"` // inclusive
	Quantity     money.Decimal  `json:"quantity"`   // negative on a refund
	Unit         string         `json:"unit"`
	UnitPrice    money.Decimal  `json:"unit_price"` // never negative; up to 10 decimals
	Net          money.Decimal  `json:"net"`
	Cost         money.Decimal  `json:"cost"`
	CostCurrency money.Currency `json:"cost_currency,omitempty"`
	Retail       money.Decimal  `json:"retail"`
	Tax          TaxCategory    `json:"tax_category"`
	TaxRate      money.Decimal  `json:"tax_rate"`
	Exchange     *Exchange      `json:"exchange,omitempty"`

	CustomerID     string   `json:"customer_id,omitempty"` // whose charge it is, where a reseller is billed for it
	SubscriptionID string   `json:"subscription_id,omitempty"`
	ProductID      string   `json:"product_id,omitempty"`
	SkuID          string   `json:"sku_id,omitempty"`
	MeterID        string   `json:"meter_id,omitempty"`
	ChargeType     string   `json:"charge_type,omitempty"`
	ResellerMpnID  string   `json:"reseller_mpn,omitempty"`
	RuleID         string   `json:"rule,omitempty"`
	RuleVersion    int      `json:"rule_version,omitempty"`
	Rounding       string   `json:"rounding,omitempty"`
	Grouped        bool     `json:"grouped,omitempty"`    // its charges are rounded together, or are a bundle
	ChargeIDs      []string `json:"charge_ids,omitempty"` // rated charges that it bills
	ServiceID      string   `json:"service_id,omitempty"`

	Change         *Change      `json:"change,omitempty"`          // of a correction line: what it corrects
	CorrectsLine   int          `json:"corrects_line,omitempty"`   // line of the invoice that a credit note corrects
	CorrectsPeriod period.Month `json:"corrects_period,omitzero"`  // billing period that a correction line belongs to
	CorrectsNumber string       `json:"corrects_number,omitempty"` // issued document that a correction line corrects
}

// Change is what documents billed of a charge before a correction, and what it is now. A correction that is spread over
// several credit notes has on each the whole change.
type Change struct {
	Billed money.Decimal `json:"billed"`
	Now    money.Decimal `json:"now"`
}

// UsageSummary is a row of the usage appendix: what one service used, at the customer's price.
type UsageSummary struct {
	Service  string        `json:"service"` // meter category
	Meter    string        `json:"meter"`
	Unit     string        `json:"unit"`
	Quantity money.Decimal `json:"quantity"`
	Amount   money.Decimal `json:"amount"`
}

// Reference points to another document.
type Reference struct {
	Number   string      `json:"number"`
	IssuedOn period.Date `json:"issued_on"`
}

// Invoice is an invoice or a credit note to one customer in one currency. Amounts of a credit note are negative here;
// the formats that want them positive (UBL 381) turn the sign when they write.
type Invoice struct {
	ID             string         `json:"id"`
	Number         string         `json:"number"` // empty while draft
	Type           Type           `json:"type"`
	State          State          `json:"state"`
	Period         period.Month   `json:"period"`
	RunID          string         `json:"run_id"`
	Estimate       bool           `json:"estimate"` // rated from usage before the reconciliation arrived
	CustomerID     string         `json:"customer_id"`
	TenantID       string         `json:"tenant_id"`
	ResellerMpnID  string         `json:"reseller_mpn,omitempty"` // reseller of record, shown
	Seller         Party          `json:"seller"`
	Bank           Bank           `json:"bank"`
	Logo           []byte         `json:"logo,omitempty"` // PNG or JPEG
	Buyer          Party          `json:"buyer"`
	BuyerReference string         `json:"buyer_reference,omitempty"`
	OrderReference string         `json:"order_reference,omitempty"`
	Currency       money.Currency `json:"currency"`
	IssuedOn       period.Date    `json:"issued_on"`
	DueOn          period.Date    `json:"due_on"`
	Terms          string         `json:"terms,omitempty"`
	ServiceFrom    period.Date    `json:"service_from"`
	ServiceTo      period.Date    `json:"service_to"` // inclusive
	Lines          []Line         `json:"lines"`
	Taxes          []TaxSubtotal  `json:"taxes"`
	Net            money.Decimal  `json:"net"`
	Tax            money.Decimal  `json:"tax"`
	Gross          money.Decimal  `json:"gross"`
	Paid           money.Decimal  `json:"paid"`
	Corrects       *Reference     `json:"corrects,omitempty"` // the invoice that a credit note corrects (BG-3)
	Reason         string         `json:"reason,omitempty"`   // why it was credited or voided
	Notes          []string       `json:"notes,omitempty"`
	Usage          []UsageSummary `json:"usage,omitempty"`
	HideZeroLines  bool           `json:"hide_zero_lines,omitempty"`
	DraftedBy      string         `json:"drafted_by,omitempty"`
	ApprovedBy     string         `json:"approved_by,omitempty"`
	CreatedAt      time.Time      `json:"created_at"`
	IssuedAt       time.Time      `json:"issued_at,omitzero"`
	ContentHash    string         `json:"content_hash,omitempty"` // SHA-256 of the canonical document once issued
}
