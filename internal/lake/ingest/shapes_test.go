package ingest

import (
	"strings"
	"testing"
)

// partnerExport is the header of an Azure Cost Management export for partners, in its order (billing reference A9).
const partnerExport = "invoiceId,previousInvoiceId,billingAccountId,billingAccountName,billingProfileId,billingProfileName,invoiceSectionId,invoiceSectionName," +
	"partnerTenantId,partnerName,resellerName,resellerMpnId,customerTenantId,customerName,costCenter,billingPeriodEndDate,billingPeriodStartDate," +
	"servicePeriodEndDate,servicePeriodStartDate,date,serviceFamily,productOrderId,productOrderName,consumedService,meterId,meterName,meterCategory," +
	"meterSubCategory,meterRegion,ProductId,ProductName,SubscriptionId,subscriptionName,publisherType,publisherId,publisherName,resourceGroupName,ResourceId," +
	"resourceLocation,location,effectivePrice,quantity,unitOfMeasure,chargeType,billingCurrency,pricingCurrency,costInBillingCurrency,costInPricingCurrency," +
	"costInUsd,paygCostInBillingCurrency,paygCostInUsd,exchangeRatePricingToBilling,exchangeRateDate,isAzureCreditEligible,serviceInfo1,serviceInfo2," +
	"additionalInfo,tags,partnerEarnedCreditRate,partnerEarnedCreditApplied,PayGPrice,frequency,term,reservationId,reservationName,PricingModel,unitPrice," +
	"benefitId,benefitName,provider"

// cells puts values under the names of a header; the other cells are empty.
func cells(header string, values map[string]string) string {
	names := strings.Split(header, ",")
	row := make([]string, len(names))
	for i, n := range names {
		row[i] = values[n]
	}
	return strings.Join(row, ",")
}

func TestPartnerExportHasAll70ColumnsInBothCases(t *testing.T) {
	t.Parallel()
	if n := strings.Count(partnerExport, ",") + 1; n != 70 {
		t.Fatalf("%d columns", n)
	}
	row := cells(partnerExport, map[string]string{
		"invoiceId": "G1", "previousInvoiceId": "G0", "billingAccountId": "B1", "partnerTenantId": "P1", "partnerName": "Fabrikam", "resellerName": "R", "resellerMpnId": "67890",
		"customerTenantId": "ABC", "customerName": "Contoso", "billingPeriodEndDate": "03/31/2026", "billingPeriodStartDate": "03/01/2026", "date": "03/05/2026",
		"servicePeriodStartDate": "03/01/2026", "servicePeriodEndDate": "03/31/2026", "serviceFamily": "Compute", "productOrderId": "o1", "meterId": "m", "meterName": "D2",
		"meterCategory": "Virtual Machines", "meterSubCategory": "Dv3", "meterRegion": "EU West", "ProductId": "DZH318Z0BQ3P001F", "ProductName": "VM", "SubscriptionId": "s1",
		"subscriptionName": "Prod", "publisherType": "Microsoft", "publisherName": "Microsoft", "resourceGroupName": "rg", "ResourceId": "/r", "resourceLocation": "EUWEST",
		"location": "EU West", "effectivePrice": "0.442", "quantity": "24", "unitOfMeasure": "1 Hour", "chargeType": "Refund", "billingCurrency": "EUR", "pricingCurrency": "USD",
		"costInBillingCurrency": "-8.93", "costInPricingCurrency": "-10.608", "paygCostInBillingCurrency": "-10.51", "exchangeRatePricingToBilling": "0.842386466",
		"exchangeRateDate": "03/01/2026", "tags": "env", "partnerEarnedCreditRate": "0.15", "partnerEarnedCreditApplied": "1", "PayGPrice": "0.52", "frequency": "UsageBased",
		"term": "P1Y", "reservationId": "r1", "PricingModel": "OnDemand", "unitPrice": "0.52", "benefitId": "b1", "benefitName": "plan", "provider": "Azure",
	})
	want := map[string]string{
		"invoice_id": "G1", "previous_invoice_id": "G0", "billing_account_id": "B1", "partner_id": "P1", "partner_name": "Fabrikam", "reseller_name": "R",
		"reseller_mpn_id": "67890", "customer_id": "abc", "customer_name": "Contoso", "billing_period_start": "2026-03-01", "billing_period_end": "2026-04-01",
		"charge_start": "2026-03-05", "service_period_start": "2026-03-01", "service_period_end": "2026-03-31", "service_category": "Compute", "order_id": "o1", "meter_id": "m",
		"meter_name": "D2", "meter_category": "Virtual Machines", "meter_sub_category": "Dv3", "meter_region": "EU West", "product_id": "DZH318Z0BQ3P001F",
		"product_name": "VM", "sub_account_id": "s1", "sub_account_name": "Prod", "publisher_type": "Microsoft", "publisher_name": "Microsoft", "resource_group": "rg",
		"resource_id": "/r", "region_id": "EUWEST", "region_name": "EU West", "effective_unit_price": "0.442", "pricing_quantity": "24", "pricing_unit": "1 Hour",
		"charge_type": "Refund", "charge_category": "Purchase", "billing_currency": "EUR", "pricing_currency": "USD", "billed_cost": "-8.93", "effective_cost": "-8.93",
		"pricing_currency_effective_cost": "-10.608", "list_cost": "-10.51", "fx_rate": "0.842386466", "fx_rate_date": "2026-03-01", "tags": "env", "pec_rate": "0.15",
		"pec_applied": "true", "list_unit_price": "0.52", "charge_frequency": "UsageBased", "term": "P1Y", "commitment_discount_id": "b1", "commitment_discount_name": "plan",
		"pricing_category": "OnDemand", "contracted_unit_price": "0.52", "provider_name": "Azure",
	}
	pascal := strings.Split(partnerExport, ",")
	for i, n := range pascal {
		pascal[i] = strings.ToUpper(n[:1]) + n[1:]
	}
	for _, header := range []string{partnerExport, strings.Join(pascal, ",")} {
		r := readText(t, "export.csv", header+"\n"+row+"\n")
		if r.source.Kind != KindCost || len(r.rows) != 1 {
			t.Fatalf("%s with %d rows, faults %v", r.source.Kind, len(r.rows), r.faults)
		}
		equalTexts(t, "sets", r.sets, "cost|cost-export|invoice|B1|G1")
		has(t, r.rows[0], want)
	}
}

// The licence sheet as documented in 2021, its preview with an end of sale, and as exported in 2025.
func TestLicenceSheetShapes(t *testing.T) {
	t.Parallel()
	old := "ProductTitle,ProductId,SkuId,SkuTitle,Publisher,SkuDescription,UnitOfMeasure,TermDuration,BillingPlan,Market,Currency,UnitPrice,PricingTierRangeMin," +
		"PricingTierRangeMax,EffectiveStartDate,EffectiveEndDate,Tags,ERP Price"
	row := map[string]string{
		"ProductTitle": "Suite", "ProductId": "CFQ7TTC0LH18", "SkuId": "1", "TermDuration": "P1Y", "BillingPlan": "Monthly", "Market": "DE", "Currency": "EUR", "UnitPrice": "1008",
		"EffectiveStartDate": "4/1/2025", "EffectiveEndDate": "9999-11-30T23:59:59.0000000Z", "Tags": "License;Trial", "ERP Price": "1440", "EndofSaleDate": "12/31/2025 11:59:59 PM",
		"ChangeIndicator": "Change", "Segment": "Education", "PreviousValues": `"{'ERP Price': '1440', 'UnitPrice': '1008'}"`,
	}
	for name, header := range map[string]string{
		"2021": old, "preview": old + ",EndofSaleDate", "2025": "ChangeIndicator," + old + ",Segment,PreviousValues",
	} {
		r := readText(t, "sheet.csv", "\ufeff"+header+"\n"+cells(header, row)+"\n"+cells(header, row)+"\n")
		if len(r.rows) != 2 || len(r.faults) > 0 || len(r.source.Unknown) > 0 {
			t.Fatalf("%s: %d rows, faults %v, unknown %v", name, len(r.rows), r.faults, r.source.Unknown)
		}
		equalTexts(t, name, r.sets[:1], "price|updatedlicensebased|DE|2025-04")
		has(t, r.rows[1], map[string]string{"sku_id": "0001", "unit_price": "1008", "erp_price": "1440", "term": "P1Y", "billing_plan": "Monthly", "tags": "License;Trial", "tier_open": "true"})
		if name == "2025" {
			has(t, r.rows[0], map[string]string{"segment": "Education", "previous_values": "{'ERP Price': '1440', 'UnitPrice': '1008'}", "change_indicator": "Change"})
		}
		if name == "preview" {
			has(t, r.rows[0], map[string]string{"end_of_sale": "2025-12-31"})
		}
	}
}

// A file is known by what is in it, whatever its name says.
func TestContentDecidesNotTheName(t *testing.T) {
	t.Parallel()
	csv := usageHeader + "\n" + usageRow + "\n"
	for name, content := range map[string]string{"u.json": csv, "u.csv.gz": csv, "u.csv": zipped(t, csv), "noname": csv, "u.txt": " \n" + csv} {
		if r := readText(t, name, content); len(r.rows) != 1 || r.source.Format != FormatCSV {
			t.Errorf("%s: %d rows of %s", name, len(r.rows), r.source.Format)
		}
	}
	r := readText(t, "page.csv", "\ufeff\n [{\"id\":\"G1\",\"totalCharges\":1,\"currencyCode\":\"EUR\"}]")
	if len(r.rows) != 1 || r.source.Kind != KindDocument {
		t.Errorf("a page named csv gave %d rows", len(r.rows))
	}
}
