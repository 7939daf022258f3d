// Package service holds value-added services: what a partner sells beside Microsoft's products. It owns their terms
// and the arithmetic of proration, usage and percentages; it knows no invoice. Invariant: a service never charges a
// day twice.
package service

import (
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Model is how a service is charged.
type Model string

// The models.
const (
	OneTime    Model = "one-time"   // once, on From
	Recurring  Model = "recurring"  // every month, in advance or in arrears, prorated by days
	Usage      Model = "usage"      // price x recorded units of the month
	Percentage Model = "percentage" // percent of the customer's Azure spend, with minimum and maximum
)

// Timing says which month a recurring service's invoice covers: the next one (advance) or its own (arrears).
type Timing string

// The timings.
const (
	Advance Timing = "advance"
	Arrears Timing = "arrears"
)

// Service is one agreement with one customer.
type Service struct {
	ID          string                         `json:"id"`
	CustomerID  string                         `json:"customer_id"`
	Name        string                         `json:"name"`
	Description string                         `json:"description,omitempty"`
	Model       Model                          `json:"model"`
	Timing      Timing                         `json:"timing,omitempty"`
	Currency    money.Currency                 `json:"currency"`
	Price       money.Decimal                  `json:"price"`
	Quantity    money.Decimal                  `json:"quantity"`
	Unit        string                         `json:"unit,omitempty"`
	Percent     money.Decimal                  `json:"percent"`
	Minimum     *money.Decimal                 `json:"minimum,omitempty"`
	Maximum     *money.Decimal                 `json:"maximum,omitempty"`
	Cost        money.Decimal                  `json:"cost"` // the partner's own cost a unit, for the margin
	Prorate     bool                           `json:"prorate"`
	From        period.Date                    `json:"from"`
	To          period.Date                    `json:"to,omitzero"`        // last day, inclusive; none: runs on
	Recorded    map[period.Month]money.Decimal `json:"recorded,omitempty"` // units by month, for model usage
	EndReason   string                         `json:"end_reason,omitempty"`
	CreatedAt   time.Time                      `json:"created_at"`
	Version     int64                          `json:"version"`
}
