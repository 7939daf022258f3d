package app

import (
	"time"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/billing"
	"github.com/chandler-csp/chandler/internal/csp/recon"
)

// Total is both sides of a run in one currency, net of tax.
type Total struct {
	Currency money.Currency `json:"currency"`
	Cost     money.Decimal  `json:"cost"`
	Retail   money.Decimal  `json:"retail"`
	Sell     money.Decimal  `json:"sell"`
	Margin   money.Decimal  `json:"margin"`
	Services money.Decimal  `json:"services"` // part of Sell that is the partner's own services
}

// CustomerRef names a customer in a list.
type CustomerRef struct {
	ID       string `json:"id"`
	TenantID string `json:"tenant_id"`
	Name     string `json:"name"`
}

// InvoiceRow is an invoice in a list. Number is nil while it is a draft.
type InvoiceRow struct {
	ID       string         `json:"id"`
	Number   *string        `json:"number"`
	Type     billing.Type   `json:"type"`
	State    billing.State  `json:"state"`
	Period   period.Month   `json:"period"`
	Customer CustomerRef    `json:"customer"`
	Currency money.Currency `json:"currency"`
	Net      money.Decimal  `json:"net"`
	Tax      money.Decimal  `json:"tax"`
	Gross    money.Decimal  `json:"gross"`
	DueOn    period.Date    `json:"due_on"`
	Estimate bool           `json:"estimate"`
}

// Run is what a bill run did.
type Run struct {
	ID       string       `json:"run"`
	Period   period.Month `json:"period"`
	Estimate bool         `json:"estimate"`
	Invoices int          `json:"invoices"`
	Totals   []Total      `json:"totals"`
	Findings int          `json:"findings"`
	Drafts   []InvoiceRow `json:"drafts"`
	Problems []string     `json:"problems,omitempty"` // what keeps drafts from being issued
	Result   recon.Result `json:"-"`
	Notes    []recon.Note `json:"notes"`
	Took     Took         `json:"-"`
}

// Took is how long the parts of a run lasted: reconciliation, and everything else from reading to keeping.
type Took struct{ Rate, Reconcile time.Duration }
