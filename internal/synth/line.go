package synth

import (
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// The kinds of line (billing reference B10).
const (
	kindAzure       = "Azure plan"
	kindLicence     = "licence"
	kindReservation = "reservation"
	kindSavingsPlan = "savings plan"
	kindSoftware    = "software"
	kindPerpetual   = "perpetual"
	kindThirdParty  = "third party"
	kindCredit      = "credit"
)

// line is one reconciliation line (A5) and what a rule makes of it. Quantity is never negative; a refund has a
// negative effective unit price.
type line struct {
	invoice  *invoice
	customer *customer
	kind     string
	mode     Mode

	reseller, orderID, alternateID              string
	orderDate                                   period.Date
	productID, skuID, availabilityID            string
	skuName, productName                        string
	chargeType                                  string
	unitPrice, eup, quantity, billable          money.Decimal
	subtotal, tax                               money.Decimal
	adjustments                                 []string
	publisher, publisherID                      string
	subscriptionDescription, subscriptionID     string
	chargeStart, chargeEnd                      period.Date
	subscriptionStart, subscriptionEnd          period.Date
	term, frequency, unit, meter                string
	pricingCurrency                             money.Currency
	rate                                        money.Decimal
	rateDate                                    period.Date
	reservationOrderID, creditReason, reference string
	qualifiers, promotionID, productCategory    string
	note                                        bool // stands on the invoice's credit note
	retail, pecCredit                           money.Decimal
	hasRetail                                   bool
	meterID                                     string
	file                                        string
	number                                      int
}

// newLine adds a line to an invoice, billed in its own currency until inDollars says otherwise.
func (b *builder) newLine(inv *invoice, k *customer, reseller string, on period.Date) *line {
	l := &line{
		invoice: inv, customer: k, reseller: reseller, orderID: b.ids.token(), alternateID: b.ids.token(), orderDate: on,
		pricingCurrency: inv.currency, rate: one, mode: ModeEither,
	}
	inv.lines = append(inv.lines, l)
	return l
}

// inDollars prices the line in US dollars at the month's rate.
func (l *line) inDollars(inv *invoice) {
	l.pricingCurrency, l.rate, l.rateDate = "USD", inv.rate, inv.rateDate
}

// single charges one piece at a price of at most two decimals, for which all rounding families agree (D18).
func (l *line) single(price money.Decimal) { l.pieces(price, 1) }

// pieces charges a few; with more than one the price is in the invoice's currency.
func (l *line) pieces(price money.Decimal, n int64) {
	l.unitPrice, l.eup, l.quantity, l.billable = price, price, money.FromInt(n), money.FromInt(n)
	l.subtotal = rounddown(price.MulExact(l.rate)).MulExact(l.quantity)
}

// list is the line's retail; what has none sells by its cost (D14).
func (l *line) list() money.Decimal {
	if l.hasRetail {
		return l.retail
	}
	return l.subtotal
}

func (l *line) total() money.Decimal { return l.subtotal.Add(l.tax) }
