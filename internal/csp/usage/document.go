package usage

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// Document is an invoice, credit note or adjustment of Microsoft to the partner (billing reference A6).
type Document struct {
	Number       string
	DocumentType string // as written: invoice, adjustment_note, void_note, Credit Note
	InvoiceType  string // Recurring or OneTime
	AmendsOf     string // the invoice that this one amends, empty for an invoice
	Date         period.Date
	PeriodStart  period.Date
	PeriodEnd    period.Date // inclusive
	Currency     money.Currency
	TotalCharges money.Decimal
	PaidAmount   money.Decimal
	DataSet      string
	Place        Place
}
