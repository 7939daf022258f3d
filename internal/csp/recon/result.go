// Package recon proves a month: what Microsoft's documents charged against their lines, the lines against usage,
// prices, days and rates, and the partner's invoices against the lines. It owns the levels L0 to L6 (billing reference
// B11), the classes of findings, and the rule that one fault is one finding. Invariant: the classes of an invoice sum
// to its difference, to the cent.
package recon

import (
	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Class is what a difference is put down to (billing reference, "Classes of findings").
type Class string

// The classes.
const (
	NotInDetail      Class = "not-in-detail"
	Quantity         Class = "quantity"
	OrphanUsage      Class = "orphan-usage"
	LateUsage        Class = "late-usage"
	UnbilledCustomer Class = "unbilled-customer"
	Customer         Class = "customer"
	Price            Class = "price"
	Proration        Class = "proration"
	PEC              Class = "pec"
	FX               Class = "fx"
	Tax              Class = "tax"
	Credit           Class = "credit"
	Timing           Class = "timing"
	Seats            Class = "seats"
	ChargeType       Class = "charge-type"
	Duplicate        Class = "duplicate"
	Rounding         Class = "rounding"
	BadInput         Class = "bad-input"
)

// Severity says whether money is wrong (error) or may be (warning).
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Evidence is a place to look at.
type Evidence struct {
	File   string `json:"file,omitempty"`
	Line   int64  `json:"line,omitempty"`
	Column string `json:"column,omitempty"`
	Detail string `json:"detail"`
}

// Finding is one fault. Amount is nil where the fault has no size that can be known.
type Finding struct {
	Key      string         `json:"key"` // stable over runs, for waivers
	Level    string         `json:"level"`
	Class    Class          `json:"class"`
	Severity Severity       `json:"severity"`
	Currency money.Currency `json:"currency"`
	Amount   *money.Decimal `json:"amount"`
	Message  string         `json:"message"`
	Evidence []Evidence     `json:"evidence"`
	Waived   string         `json:"waived,omitempty"` // reason, when a person waived it
}

// Note is something to know that is no fault.
type Note struct {
	Code    string `json:"code"`
	Message string `json:"message"`
	Count   int    `json:"count,omitempty"`
}

// Document is one document of an invoice: itself or one of its amendments. Upstream is nil when its lines are here
// but the document is not.
type Document struct {
	ID         string         `json:"id"`
	Upstream   *money.Decimal `json:"upstream"`
	Accounted  money.Decimal  `json:"accounted"`
	Difference money.Decimal  `json:"difference"`
}

// ClassAmount is the part of a difference that one class explains.
type ClassAmount struct {
	Class  Class         `json:"class"`
	Amount money.Decimal `json:"amount"`
	Count  int           `json:"count"`
}

// Invoice is an invoice of Microsoft with its amendments: Difference = Upstream - Accounted = the sum of Classes.
type Invoice struct {
	Invoice    string         `json:"invoice"`
	Currency   money.Currency `json:"currency"`
	Upstream   money.Decimal  `json:"upstream"`
	Accounted  money.Decimal  `json:"accounted"`
	Difference money.Decimal  `json:"difference"`
	Documents  []Document     `json:"documents"`
	Classes    []ClassAmount  `json:"classes"`
	Lines      int            `json:"lines"`
}

// CustomerTotal is both sides of one customer in one currency, net of tax.
type CustomerTotal struct {
	TenantID string         `json:"tenant_id"`
	Name     string         `json:"name"`
	Currency money.Currency `json:"currency"`
	Cost     money.Decimal  `json:"cost"`
	Retail   money.Decimal  `json:"retail"`
	Sell     money.Decimal  `json:"sell"`
	Margin   money.Decimal  `json:"margin"`
}

// SeatCount is the number of seats at the period's end as the lines tell (decision D11).
type SeatCount struct {
	TenantID       string `json:"tenant_id"`
	SubscriptionID string `json:"subscription_id"`
	ProductID      string `json:"product_id"`
	SkuID          string `json:"sku_id"`
	Seats          int64  `json:"seats"`
}

// RoundingBucket is what truncation kept back: usage total less the lines' subtotals of one bucket (B1, D06).
type RoundingBucket struct {
	Invoice        string        `json:"invoice"`
	SubscriptionID string        `json:"subscription_id"`
	ProductID      string        `json:"product_id"`
	SkuID          string        `json:"sku_id"`
	AvailabilityID string        `json:"availability_id"`
	PEC            bool          `json:"pec"`
	Variance       money.Decimal `json:"variance"`
}

// Result is a period's reconciliation.
type Result struct {
	Period    period.Month     `json:"period"`
	Estimate  bool             `json:"estimate"`
	Invoices  []Invoice        `json:"invoices"`
	Customers []CustomerTotal  `json:"customers"`
	Seats     []SeatCount      `json:"seats"`
	Rounding  []RoundingBucket `json:"rounding"`
	Findings  []Finding        `json:"findings"`
	Notes     []Note           `json:"notes"`
}

// keyOf names a finding by what it is about, so that a waiver holds over a second run.
func keyOf(level string, class Class, about ...string) string {
	return id.Hash("fnd", append([]string{level, string(class)}, about...)...)
}
