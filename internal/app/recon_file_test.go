package app_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
)

// tenantOf is an invented tenant id: one digit, over and over.
func tenantOf(digit string) string {
	return strings.Join([]string{strings.Repeat(digit, 8), strings.Repeat(digit, 4), strings.Repeat(digit, 4), strings.Repeat(digit, 4), strings.Repeat(digit, 12)}, "-")
}

// charge is a reconciliation line as a test writes it. Kind is licence (one month, by the month), azure, software or
// credit; Price is for one unit, in the line's currency unless Pricing and Rate say otherwise.
type charge struct {
	Kind, Customer, Tenant, Reseller string
	Product, Title                   string
	Quantity, Price                  string
	Currency, Pricing                money.Currency
	Rate                             string
	Type                             string
	Start, End                       string
	Country                          string
	Subscription                     string
}

var reconHeader = strings.Split("PartnerId,CustomerId,CustomerName,CustomerDomainName,CustomerCountry,InvoiceNumber,MpnId,Tier2MpnId,OrderId,"+
	"OrderDate,ProductId,SkuId,AvailabilityId,SkuName,ProductName,ChargeType,UnitPrice,Quantity,Subtotal,TaxTotal,Total,Currency,"+
	"PriceAdjustmentDescription,PublisherName,PublisherId,SubscriptionDescription,SubscriptionId,ChargeStartDate,ChargeEndDate,"+
	"TermAndBillingCycle,EffectiveUnitPrice,UnitType,AlternateId,BillableQuantity,BillingFrequency,PricingCurrency,PCToBCExchangeRate,"+
	"PCToBCExchangeRateDate,MeterDescription,ReservationOrderId,CreditReasonCode,SubscriptionStartDate,SubscriptionEndDate,ReferenceId,"+
	"ProductQualifiers,PromotionId,ProductCategory", ",")

// reconFile writes charges as Microsoft's file of one invoice, and that invoice.
func reconFile(number string, m period.Month, rows []charge) (lines, document []byte) {
	var b bytes.Buffer
	var sum money.Decimal
	currency := money.Currency("EUR")
	w := csv.NewWriter(&b)
	_ = w.Write(reconHeader)
	for i, c := range rows {
		values := c.values(m)
		values["InvoiceNumber"], values["OrderId"] = number, fmt.Sprintf("order%d", i)
		sum, currency = sum.Add(dec(values["Total"])), money.Currency(values["Currency"])
		record := make([]string, len(reconHeader))
		for k, column := range reconHeader {
			record[k] = values[column]
		}
		_ = w.Write(record)
	}
	w.Flush()
	return b.Bytes(), fmt.Appendf(nil, `{"id":%q,"invoiceDate":"%sT00:00:00Z","billingPeriodStartDate":"%sT00:00:00Z","billingPeriodEndDate":"%sT00:00:00Z",
		"totalCharges":%s,"paidAmount":0,"currencyCode":%q,"documentType":"invoice","invoiceType":"OneTime"}`,
		number, m.Add(1).First().AddDays(7), m.First(), m.Last(), sum.Plain(), currency)
}

func (c charge) values(m period.Month) map[string]string {
	price, quantity := dec(cmp.Or(c.Price, "1")), dec(cmp.Or(c.Quantity, "1"))
	rate := dec(cmp.Or(c.Rate, "1"))
	currency := cmp.Or(c.Currency, "EUR")
	subtotal := price.MulExact(quantity).Round(money.HalfEven, 9).Round(money.Down, 2).MulExact(rate).Round(money.HalfEven, 9).Round(money.Down, 2)
	v := map[string]string{
		"PartnerId": "9e1f0a2b-0000-4000-8000-00000000c5b1", "CustomerId": c.Tenant, "CustomerName": c.Customer,
		"CustomerDomainName": strings.ToLower(c.Customer) + ".example", "CustomerCountry": cmp.Or(c.Country, "DE"), "MpnId": "4500001", "Tier2MpnId": c.Reseller,
		"OrderDate": m.First().String() + "T00:00:00", "ProductId": cmp.Or(c.Product, "PROD"), "SkuId": "0001", "AvailabilityId": "AV01",
		"SkuName": c.Title, "ProductName": c.Title, "ChargeType": cmp.Or(c.Type, "new"), "UnitPrice": price.Plain(), "EffectiveUnitPrice": price.Plain(),
		"Quantity": quantity.Plain(), "BillableQuantity": quantity.Plain(), "Subtotal": subtotal.Fixed(2), "TaxTotal": "0", "Total": subtotal.Fixed(2),
		"Currency": string(currency), "PublisherName": "Microsoft", "SubscriptionDescription": c.Title, "SubscriptionId": cmp.Or(c.Subscription, "sub-"+c.Tenant[:8]+"-"+c.Title),
		"ChargeStartDate": cmp.Or(c.Start, m.First().String()) + "T00:00:00", "ChargeEndDate": cmp.Or(c.End, m.Last().String()) + "T00:00:00",
		"PricingCurrency": string(cmp.Or(c.Pricing, currency)), "PCToBCExchangeRate": rate.Plain(), "PCToBCExchangeRateDate": m.Last().String() + "T00:00:00",
		"SubscriptionStartDate": m.First().String() + "T00:00:00", "SubscriptionEndDate": m.Last().String() + "T00:00:00",
	}
	switch c.Kind {
	case "licence":
		v["TermAndBillingCycle"], v["UnitType"], v["BillingFrequency"] = "One-month commitment for monthly billing", "Licenses", "monthly"
	case "azure":
		v["SubscriptionDescription"], v["Quantity"], v["UnitType"] = "Azure plan", "1", "1 Hour"
	case "credit":
		v["SubscriptionDescription"], v["ChargeType"], v["CreditReasonCode"] = "Azure plan", "customerCredit", "Azure credit offer"
	case "software":
		v["TermAndBillingCycle"], v["ChargeEndDate"] = "", ""
	default:
		panic("a charge of no kind: " + c.Kind)
	}
	return v
}
