package pricing

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Subject is what a rule sees of a line: the keys it can select on and the amounts it can start from. Amounts are in
// Currency, signed as the line is.
type Subject struct {
	LineID          string
	TenantID        string
	CustomerID      string
	CustomerGroups  []string
	ResellerMpnID   string
	SubscriptionID  string
	EntitlementID   string   // set only when all usage of the line has one Azure subscription
	Tags            []string // name=value that all usage of the line carries
	ProductCategory string   // Azure plan, licence, reservation, savings plan, software, perpetual, third party
	ProductID       string
	SkuID           string
	MeterIDs        []string
	MeterCategory   string
	Segment         string
	Term            string
	BillingPlan     string
	PublisherClass  string
	BenefitType     string
	ChargeType      string // canonical spelling
	Currency        money.Currency
	On              period.Date // the day on which a rule must be valid

	Cost          money.Decimal
	Retail        money.Decimal // unrounded; equal to Cost when HasRetail is false
	HasRetail     bool
	PurchasePrice money.Decimal // retail at the term start's price list, for BasePriceList
	PECCredit     money.Decimal // partner earned credit inside Retail: Retail minus it is what the partner pays
	Quantity      money.Decimal // signed: negative on a refund
	Fraction      money.Decimal // share of the billing cycle that the line covers, 1 for a whole one and for metered lines
}
