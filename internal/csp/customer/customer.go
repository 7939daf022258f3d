// Package customer holds the partner's customers and resellers as far as billing needs them. It owns who they are and
// how they are billed, not what they bought. Invariant: one tenant belongs to one customer.
package customer

import (
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
)

// Customer is an organisation that the partner bills. Origin says whether a person or an import made it.
type Customer struct {
	ID             string              `json:"id"`
	TenantID       string              `json:"tenant_id"`
	Name           string              `json:"name"`
	Domain         string              `json:"domain,omitempty"`
	Country        string              `json:"country,omitempty"`
	Groups         []string            `json:"groups,omitempty"`
	Origin         string              `json:"origin"`               // added | imported
	FirstSeen      string              `json:"first_seen,omitempty"` // file that brought it
	Party          billing.Party       `json:"party"`
	BuyerReference string              `json:"buyer_reference,omitempty"`
	OrderReference string              `json:"order_reference,omitempty"`
	Currency       money.Currency      `json:"currency,omitempty"` // invoice currency; empty: that of the charges
	PaymentDays    *int                `json:"payment_days,omitempty"`
	TaxCategory    billing.TaxCategory `json:"tax_category,omitempty"` // empty: by the seller's policy
	TaxRate        *money.Decimal      `json:"tax_rate,omitempty"`
	TaxReason      string              `json:"tax_reason,omitempty"`
	HideZeroLines  bool                `json:"hide_zero_lines,omitempty"`
	ServedFrom     period.Date         `json:"served_from,omitzero"` // first day as a customer; none: always. Prorates minimum fees
	ServedTo       period.Date         `json:"served_to,omitzero"`   // last day, inclusive; none: still one
	NotBilled      string              `json:"not_billed,omitempty"` // reason; its cost is then the partner's own, and runs note it
	CreatedAt      time.Time           `json:"created_at"`
	Version        int64               `json:"version"`
}

// DaysIn is how many of a month's days the organisation was a customer.
func (c Customer) DaysIn(m period.Month) int {
	from, to := m.First(), m.Last()
	if c.ServedFrom.After(from) {
		from = c.ServedFrom
	}
	if !c.ServedTo.IsZero() && c.ServedTo.Before(to) {
		to = c.ServedTo
	}
	if to.Before(from) {
		return 0
	}
	return from.DaysThrough(to)
}

// Reseller is an indirect reseller of record, known by its Microsoft partner id. When Billed, the provider's invoice
// goes to it in its customers' place.
type Reseller struct {
	MpnID          string        `json:"mpn"`
	Name           string        `json:"name,omitempty"`
	Billed         bool          `json:"billed"`
	Party          billing.Party `json:"party"`
	BuyerReference string        `json:"buyer_reference,omitempty"`
	OrderReference string        `json:"order_reference,omitempty"`
	PaymentDays    *int          `json:"payment_days,omitempty"` // none: the seller's terms
	Version        int64         `json:"version"`
}
