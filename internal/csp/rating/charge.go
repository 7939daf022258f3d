// Package rating turns Microsoft's lines into charges: it recomputes Microsoft's amount by Microsoft's rules, finds
// the list amount, and prices the line by the partner's rules. It owns the arithmetic of billing reference B1 to B8
// and no storage. Invariant: every line gives exactly one charge, and a charge names everything it came from.
package rating

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/pricing"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// Mode is the rounding family that a line's Subtotal follows (billing reference B1).
type Mode string

// The modes. ModeEither: unit and line rounding give the same amount. ModeNone: none reproduces it.
const (
	ModeUsage  Mode = "usage"  // td(td(EUP x quantity, 2) x FX, 2)
	ModeUnit   Mode = "unit"   // td(EUP x FX, 2) x quantity
	ModeLine   Mode = "line"   // td(EUP unrounded x FX x quantity, 2)
	ModeEither Mode = "either" // unit and line agree
	ModeLegacy Mode = "legacy" // half-up, legacy licence proration or legacy usage
	ModeExact  Mode = "exact"  // a cost row: its amount as it stands
	ModeNone   Mode = "none"
)

// Charge is one rated line: both sides, exact, with the ids of what they came from.
type Charge struct {
	ID             string            `json:"id"` // hashed from run and line
	LineID         string            `json:"line_id"`
	DataSet        string            `json:"data_set"`
	Place          usage.Place       `json:"place"` // where the line was read
	CustomerID     string            `json:"customer_id"`
	TenantID       string            `json:"tenant_id"`
	ResellerMpnID  string            `json:"reseller_mpn"`
	InvoiceNumber  string            `json:"invoice_number"`
	SubscriptionID string            `json:"subscription_id"`
	ProductID      string            `json:"product_id"`
	SkuID          string            `json:"sku_id"`
	MeterID        string            `json:"meter_id"`
	Category       string            `json:"category"`
	ChargeType     string            `json:"charge_type"`
	From           period.Date       `json:"from"`
	To             period.Date       `json:"to"`
	Quantity       money.Decimal     `json:"quantity"`
	Currency       money.Currency    `json:"currency"`
	Cost           money.Decimal     `json:"cost"`     // Subtotal
	Expected       money.Decimal     `json:"expected"` // Subtotal recomputed
	Mode           Mode              `json:"mode"`
	Retail         money.Decimal     `json:"retail"` // unrounded
	HasRetail      bool              `json:"has_retail"`
	PECCredit      money.Decimal     `json:"pec_credit"`
	Sell           money.Decimal     `json:"sell"`           // after the rule's rounding; a group's rounding lies on its first line
	SellUnrounded  money.Decimal     `json:"sell_unrounded"` // 12 decimals
	SellCurrency   money.Currency    `json:"sell_currency"`
	SellGroup      string            `json:"sell_group"` // lines rounded together share it
	RuleID         string            `json:"rule"`
	RuleVersion    int               `json:"rule_version"`
	Minimums       []string          `json:"minimums,omitempty"` // rules to whose minimum fee it counts
	Exchange       *pricing.Exchange `json:"exchange,omitempty"` // conversion into SellCurrency
	PriceRowIDs    []string          `json:"price_rows,omitempty"`
	UsageGroupIDs  []int64           `json:"usage_groups,omitempty"`
}
