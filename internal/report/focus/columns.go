package focus

import (
	"strconv"
	"strings"

	"github.com/mozillazg/go-unidecode"
)

// Columns are the 57 columns of FOCUS 1.2 in the order in which they are written, by name as the specification has them,
// and three of our own: names and descriptions in their own letters, since the specification's columns are ASCII.
func Columns() []string {
	return []string{
		"AvailabilityZone", "BilledCost", "BillingAccountId", "BillingAccountName", "BillingAccountType", "BillingCurrency",
		"BillingPeriodEnd", "BillingPeriodStart", "CapacityReservationId", "CapacityReservationStatus", "ChargeCategory",
		"ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd", "ChargePeriodStart",
		"CommitmentDiscountCategory", "CommitmentDiscountId", "CommitmentDiscountName", "CommitmentDiscountQuantity",
		"CommitmentDiscountStatus", "CommitmentDiscountType", "CommitmentDiscountUnit", "ConsumedQuantity", "ConsumedUnit",
		"ContractedCost", "ContractedUnitPrice", "EffectiveCost", "InvoiceId", "InvoiceIssuerName", "ListCost", "ListUnitPrice",
		"PricingCategory", "PricingCurrency", "PricingCurrencyContractedUnitPrice", "PricingCurrencyEffectiveCost",
		"PricingCurrencyListUnitPrice", "PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "RegionId",
		"RegionName", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory", "ServiceName", "ServiceSubcategory",
		"SkuId", "SkuMeter", "SkuPriceDetails", "SkuPriceId", "SubAccountId", "SubAccountName", "SubAccountType", "Tags",
		"x_BillingAccountName", "x_ChargeDescription", "x_InvoiceIssuerName",
	}
}

// record is the row by column. What an invoice line does not know (zones, regions, resources, tags, commitments and
// capacity reservations by id) stays NULL.
func (r *row) record() []string {
	values := map[string]string{
		"BilledCost": number(r.billed), "BillingAccountId": r.accountID, "BillingAccountName": r.accountName,
		"BillingAccountType": "Customer", "BillingCurrency": string(r.currency),
		"BillingPeriodStart": instant(r.periodStart), "BillingPeriodEnd": instant(r.periodEnd),
		"ChargeCategory": string(r.category), "ChargeClass": r.class, "ChargeDescription": r.description,
		"ChargeFrequency": string(r.frequency), "ChargePeriodStart": instant(r.chargeStart), "ChargePeriodEnd": instant(r.chargeEnd),
		"ContractedCost": number(r.contracted), "EffectiveCost": number(r.effective), "ListCost": number(r.contracted),
		"InvoiceId": r.invoiceID, "InvoiceIssuerName": r.issuer, "ProviderName": r.provider, "PublisherName": r.publisher,
		"PricingCurrency": string(r.pricingCurrency), "PricingCurrencyEffectiveCost": number(r.pricingEffective),
		"ServiceCategory": r.service.category, "ServiceSubcategory": r.service.subcategory, "ServiceName": r.service.name,
	}
	if r.subAccountID != "" {
		values["SubAccountId"], values["SubAccountName"], values["SubAccountType"] = r.subAccountID, r.subAccountID, "Subscription"
	}
	if p := r.price; p != nil {
		values["PricingCategory"] = p.category
		values["PricingQuantity"], values["PricingUnit"] = number(p.quantity), p.unit
		values["ListUnitPrice"], values["ContractedUnitPrice"] = number(p.unitPrice), number(p.unitPrice)
		values["PricingCurrencyListUnitPrice"] = number(p.pricingUnitPrice)
		values["PricingCurrencyContractedUnitPrice"] = number(p.pricingUnitPrice)
		values["SkuId"], values["SkuPriceId"], values["SkuMeter"] = p.skuID, p.skuID, p.meter
	}
	if r.consumed != nil {
		values["ConsumedQuantity"], values["ConsumedUnit"] = number(*r.consumed), r.consumedUnit
	}
	columns := Columns()
	record := make([]string, len(columns))
	for i, c := range columns {
		record[i] = ascii(values[c])
	}
	for i, c := range written {
		record[len(columns)-len(written)+i] = values[c]
	}
	return record
}

// written are the columns whose text stands a second time as it is written, under x_ and the column's name.
var written = []string{"BillingAccountName", "ChargeDescription", "InvoiceIssuerName"}

// ascii is text in the letters that the specification's validator allows: others by their sound, or by their number
// where they have none.
func ascii(s string) string {
	if plain := strings.TrimSpace(unidecode.Unidecode(s)); plain != "" || s == "" {
		return plain
	}
	return strings.Trim(strconv.QuoteToASCII(s), `"`)
}
