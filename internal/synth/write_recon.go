package synth

import (
	"encoding/json"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// reconColumns are the 47 of new-commerce reconciliation, in its order (billing reference A5).
var reconColumns = strings.Split("PartnerId,CustomerId,CustomerName,CustomerDomainName,CustomerCountry,InvoiceNumber,MpnId,Tier2MpnId,OrderId,"+
	"OrderDate,ProductId,SkuId,AvailabilityId,SkuName,ProductName,ChargeType,UnitPrice,Quantity,Subtotal,TaxTotal,Total,Currency,"+
	"PriceAdjustmentDescription,PublisherName,PublisherId,SubscriptionDescription,SubscriptionId,ChargeStartDate,ChargeEndDate,"+
	"TermAndBillingCycle,EffectiveUnitPrice,UnitType,AlternateId,BillableQuantity,BillingFrequency,PricingCurrency,PCToBCExchangeRate,"+
	"PCToBCExchangeRateDate,MeterDescription,ReservationOrderId,CreditReasonCode,SubscriptionStartDate,SubscriptionEndDate,ReferenceId,"+
	"ProductQualifiers,PromotionId,ProductCategory", ",")

var reconAliases = map[string]string{"Tier2MpnId": "ResellerMpnId", "ReferenceId": "ReferenceID", "PromotionId": "PromotionID"}

// reconName is the file of a document's lines.
func reconName(number string) string { return "recon_" + number + ".csv" }

// reconCSV is the file of one document.
func (s speller) reconCSV(d document) ([]byte, error) {
	rows := make([][]string, 0, len(d.lines))
	for _, l := range d.lines {
		row, err := s.reconRow(d.number, l)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return s.table(reconColumns, reconAliases, rows)
}

func (s speller) reconRow(number string, l *line) ([]string, error) {
	adjustments := ""
	if len(l.adjustments) > 0 {
		list, err := json.Marshal(l.adjustments)
		if err != nil {
			return nil, err //nolint:wrapcheck // texts of ours
		}
		adjustments = string(list)
	}
	k, at := l.customer, func(d period.Date) string { return s.day(d, "T00:00:00") }
	return []string{
		larkspur.id, k.id, k.name, k.domain, k.country, number, larkspur.mpn, l.reseller, l.orderID,
		at(l.orderDate), l.productID, l.skuID, l.availabilityID, l.skuName, l.productName, l.chargeType, s.number(l.unitPrice), s.number(l.quantity),
		s.amount(l.subtotal), s.number(l.tax), s.amount(l.total()), string(l.invoice.currency),
		adjustments, l.publisher, l.publisherID, l.subscriptionDescription, l.subscriptionID, at(l.chargeStart), at(l.chargeEnd),
		l.term, s.price(l), l.unit, l.alternateID, s.number(l.billable), l.frequency, string(l.pricingCurrency), s.number(l.rate),
		at(l.rateDate), l.meter, l.reservationOrderID, l.creditReason, at(l.subscriptionStart), at(l.subscriptionEnd), l.reference,
		l.qualifiers, l.promotionID, l.productCategory,
	}, nil
}

// price is the line's effective unit price; a prorated one is at times shown with two decimals only (G06).
func (s speller) price(l *line) string {
	if s.shortPrices && l.kind == kindLicence && l.eup.Scale() > 2 {
		return s.localised(l.eup.Round(money.HalfUp, 2).Fixed(2))
	}
	return s.number(l.eup)
}
