package usage

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Place is where a row was read: which file and which line of it (1 is the header).
type Place struct {
	File string `json:"file"`
	Line int64  `json:"line"`
}

// Family is the commerce model that a line belongs to; it decides the arithmetic.
type Family string

// The families.
const (
	FamilyNewCommerce   Family = "new-commerce"
	FamilyLegacyLicence Family = "legacy-licence"
	FamilyLegacyUsage   Family = "legacy-usage"
	FamilyCostRow       Family = "cost-row" // a FOCUS or Cost Management row that stands for a line of its own
)

// Line is one reconciliation line, the unit of charging (billing reference A5). Amounts are in Currency, UnitPrice
// and EffectiveUnitPrice in PricingCurrency. Zero dates and empty texts mean that the file had none.
type Line struct {
	ID        string // hashed from data set, blob and line number
	Family    Family
	DataSet   string // key of the data set that carried it
	Place     Place
	PartnerID string

	CustomerID      string // tenant, lower case
	CustomerName    string
	CustomerDomain  string
	CustomerCountry string
	InvoiceNumber   string // empty while unbilled
	MpnID           string
	ResellerMpnID   string // empty: no reseller of record

	OrderID        string
	OrderDate      period.Date
	ProductID      string
	SkuID          string
	AvailabilityID string
	SkuName        string
	ProductName    string
	ChargeType     string // as written; usage.ChargeTypeOf classifies

	UnitPrice money.Decimal
	Quantity  money.Decimal
	Subtotal  money.Decimal
	Tax       money.Decimal
	Total     money.Decimal
	Currency  money.Currency

	PriceAdjustment         string // JSON array text as written
	PublisherName           string
	PublisherID             string
	SubscriptionDescription string
	SubscriptionID          string
	ChargeStart             period.Date
	ChargeEnd               period.Date // inclusive
	TermAndBillingCycle     string
	EffectiveUnitPrice      money.Decimal
	UnitType                string
	AlternateID             string
	BillableQuantity        money.Decimal
	BillingFrequency        string
	PricingCurrency         money.Currency
	FXRate                  money.Decimal // billing currency per 1 pricing currency; 0 when the file has none
	FXRateDate              period.Date
	MeterDescription        string
	ReservationOrderID      string
	CreditReasonCode        string
	SubscriptionStart       period.Date
	SubscriptionEnd         period.Date
	ReferenceID             string
	ProductQualifiers       string
	PromotionID             string
	ProductCategory         string // as written; mostly empty

	// A cost row (Family FamilyCostRow) brings its own meter and retail, since no usage stands beside it.
	MeterID   string
	Retail    money.Decimal
	HasRetail bool
}
