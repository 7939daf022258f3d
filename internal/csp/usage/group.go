package usage

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// GroupKey is what the usage rows of a group share: the identity of a metered charge and everything that changes its
// price (billing reference B13, D01 to D06).
type GroupKey struct {
	InvoiceNumber  string // empty while unbilled
	CustomerID     string
	SubscriptionID string // the Azure plan
	ProductID      string
	SkuID          string
	AvailabilityID string
	MeterID        string
	Month          period.Month  // calendar month of UsageDate: late usage keeps apart, tiers start anew
	PEC            money.Decimal // PartnerEarnedCreditPercentage, 0 to 100
	Free           bool          // covered by a savings plan or reservation, or fully credited: costs nothing
}

// Group is the sum of the usage rows that share a key. Where the price depends on the day (tiers, a price change in
// the month) a group holds one UsageDate; otherwise From and To span the rows' days.
type Group struct {
	ID int64 // the lake's key of the group, for finding its rows again
	GroupKey
	From period.Date // first usage day
	To   period.Date // last usage day, inclusive

	Currency        money.Currency
	PricingCurrency money.Currency
	FXRate          money.Decimal
	UnitPrice       money.Decimal // printed list price of the last row by day
	Quantity        money.Decimal
	Billed          money.Decimal // sum of BillingPreTaxTotal
	Rows            int64

	SkuName          string
	ProductName      string
	PublisherName    string
	MeterCategory    string
	MeterSubCategory string
	MeterName        string
	Unit             string
	CustomerName     string
	ResellerMpnID    string
	EntitlementID    string // the Azure subscription, when all rows have the same
	Tags             string // JSON text of the tags, when all rows have the same
	BenefitType      string
	BenefitOrderID   string
}

// HasPEC says whether the rows earned partner earned credit, the flag that a reconciliation line splits on.
func (k GroupKey) HasPEC() bool { return k.PEC.Sign() != 0 }
