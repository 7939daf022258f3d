// Package pricing holds the partner's own prices: versioned rules, the choice of the rule that applies to a line, and
// what a rule makes of cost and retail. It owns no usage and no invoice. Invariant: for one line and one set of rules
// exactly one price rule wins, and every loser can say why it lost.
package pricing

import (
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Base is the amount that a rule starts from.
type Base string

// The bases (billing reference C1).
const (
	BaseRetail    Base = "retail"     // list amount; cost where a line has no retail
	BaseCost      Base = "cost"       // Microsoft's Subtotal
	BasePriceList Base = "price-list" // list price at the purchase, even after the sheet changed
	BaseFixed     Base = "fixed"      // FixedPrice x quantity
)

// Selector says which lines a rule is for. An empty field selects everything; Keys counts the set ones.
type Selector struct {
	TenantID        string `json:"tenantId,omitempty"`
	CustomerID      string `json:"customerId,omitempty"`
	CustomerGroup   string `json:"customerGroup,omitempty"`
	ResellerMpnID   string `json:"resellerMpnId,omitempty"`
	SubscriptionID  string `json:"subscriptionId,omitempty"`
	EntitlementID   string `json:"entitlementId,omitempty"`
	ProductCategory string `json:"productCategory,omitempty"`
	ProductID       string `json:"productId,omitempty"`
	SkuID           string `json:"skuId,omitempty"`
	MeterID         string `json:"meterId,omitempty"`
	MeterCategory   string `json:"meterCategory,omitempty"`
	Segment         string `json:"segment,omitempty"`
	Term            string `json:"term,omitempty"`
	BillingPlan     string `json:"billingPlan,omitempty"`
	PublisherClass  string `json:"publisherClass,omitempty"` // microsoft | third-party
	Tag             string `json:"tag,omitempty"`            // name=value, or name
	BenefitType     string `json:"benefitType,omitempty"`
	ChargeType      string `json:"chargeType,omitempty"`
	Currency        string `json:"currency,omitempty"`
}

// Tier is one step of a partner's tier table. UpTo empty means no upper end.
type Tier struct {
	UpTo  *money.Decimal `json:"upTo,omitempty"`
	Price money.Decimal  `json:"price"`
}

// Operation is one step of a rule; exactly one field is set. Operations run in the order in which they are written.
type Operation struct {
	Percent      *money.Decimal                   `json:"percent,omitempty"`      // x (1 + p/100)
	MarginOfSell *money.Decimal                   `json:"marginOfSell,omitempty"` // / (1 - m/100)
	Discount     *money.Decimal                   `json:"discount,omitempty"`     // x (1 - d/100)
	PerUnit      map[money.Currency]money.Decimal `json:"perUnit,omitempty"`      // + amount x quantity
	Graduated    map[money.Currency][]Tier        `json:"graduated,omitempty"`    // replaces the amount: each unit at its tier's price
	Volume       map[money.Currency][]Tier        `json:"volume,omitempty"`       // replaces the amount: all units at the reached tier's price
	Min          map[money.Currency]money.Decimal `json:"min,omitempty"`          // magnitude at least
	Max          map[money.Currency]money.Decimal `json:"max,omitempty"`          // magnitude at most
	Floor        string                           `json:"floor,omitempty"`        // "cost": magnitude never below cost
}

// Rounding is the rule's last step. Group lists the keys of a group where the level is group.
type Rounding struct {
	money.Rounding
	Group []string `json:"group,omitempty"` // customer, currency, subscriptionId, productId, skuId, ...
}

// Component is a part of a bundle: the product whose cost it brings, and its weight in the bundle's price.
type Component struct {
	ProductID string        `json:"productId"`
	SkuID     string        `json:"skuId,omitempty"`
	Weight    money.Decimal `json:"weight"`
}

// Bundle sells several products as one line at a fixed price per unit; revenue is allocated by weight.
type Bundle struct {
	SKU        string                           `json:"sku"`
	Title      string                           `json:"title"`
	Price      map[money.Currency]money.Decimal `json:"price"`
	Components []Component                      `json:"components"`
}

// Rule is one version of a price rule. Its JSON is what `chandler price rule add` takes and `list --json` prints.
type Rule struct {
	ID               string                           `json:"id"`
	Version          int                              `json:"version,omitempty"`
	Sequence         int64                            `json:"sequence,omitempty"` // order of adding
	Words            string                           `json:"words,omitempty"`
	Select           Selector                         `json:"select"`
	ValidFrom        period.Date                      `json:"validFrom,omitzero"` // first day; none: always
	ValidTo          period.Date                      `json:"validTo,omitzero"`   // last day, inclusive; none: open
	Priority         int                              `json:"priority,omitempty"`
	Base             Base                             `json:"base,omitempty"`
	FixedPrice       map[money.Currency]money.Decimal `json:"fixedPrice,omitempty"`
	Operations       []Operation                      `json:"operations,omitempty"`
	PECSharePercent  *money.Decimal                   `json:"pecSharePercent,omitempty"` // share of PEC passed on to the customer
	MinimumFee       map[money.Currency]money.Decimal `json:"minimumFee,omitempty"`
	Per              []string                         `json:"per,omitempty"`
	Prorate          bool                             `json:"prorate,omitempty"`
	Bundle           *Bundle                          `json:"bundle,omitempty"`
	Currency         money.Currency                   `json:"currency,omitempty"` // sell currency; empty: the line's
	FX               *FX                              `json:"fx,omitempty"`
	Rounding         *Rounding                        `json:"rounding,omitempty"`
	ChargeOnZeroCost bool                             `json:"chargeOnZeroCost,omitempty"`
	DisplayGroup     string                           `json:"displayGroup,omitempty"`
	AddedAt          time.Time                        `json:"addedAt,omitzero"`
	RemovedAt        time.Time                        `json:"removedAt,omitzero"`
}

// FX says by which rate a rule converts into its Currency.
type FX struct {
	Source string         `json:"source"` // microsoft | fixed | ecb
	Rate   *money.Decimal `json:"rate,omitempty"`
	On     period.Date    `json:"on,omitzero"`
}
