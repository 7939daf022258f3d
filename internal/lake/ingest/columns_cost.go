package ingest

// focusColumns is FOCUS 1.2 (A8), of which 1.0 and 1.1 are parts, with Microsoft's x_ columns that a partner needs.
// Charge and billing periods end exclusively, as FOCUS has it; charge_start and charge_end are days, both inclusive.
func focusColumns() []Column {
	list := []Column{
		derived("source", Text), // focus | cost-export
		derived("charge_start", Date),
		derived("charge_end", Date),
		text("availability_zone"),
		decimal("billed_cost").required(),
		text("billing_account_id"),
		text("billing_account_name"),
		text("billing_account_type"),
		text("billing_currency").required().clean(cleanCurrency),
		date("billing_period_start").key(),
		date("billing_period_end"),
		text("capacity_reservation_id"),
		text("capacity_reservation_status"),
		text("charge_category").key(),
		text("charge_class"),
		text("charge_description"),
		text("charge_frequency"),
		timestamp("charge_period_start").required(),
		timestamp("charge_period_end").required(),
		text("commitment_discount_category"),
		text("commitment_discount_id"),
		text("commitment_discount_name"),
		decimal("commitment_discount_quantity"),
		text("commitment_discount_status"),
		text("commitment_discount_type"),
		text("commitment_discount_unit"),
		decimal("consumed_quantity"),
		text("consumed_unit"),
		decimal("contracted_cost"),
		decimal("contracted_unit_price"),
		decimal("effective_cost"),
		text("invoice_id"),
		text("invoice_issuer_name"),
		decimal("list_cost"),
		decimal("list_unit_price"),
		text("pricing_category"),
		text("pricing_currency"),
		decimal("pricing_currency_contracted_unit_price"),
		decimal("pricing_currency_effective_cost"),
		decimal("pricing_currency_list_unit_price"),
		decimal("pricing_quantity"),
		text("pricing_unit"),
		text("provider_name"),
		text("publisher_name"),
		text("region_id"),
		text("region_name"),
		text("resource_id"),
		text("resource_name"),
		text("resource_type"),
		text("service_category"),
		text("service_name"),
		text("service_subcategory"),
		text("sku_id"),
		text("sku_meter"),
		text("sku_price_details"),
		text("sku_price_id"),
		text("sub_account_id"),
		text("sub_account_name"),
		text("sub_account_type"),
		text("tags"),
	}
	return lenient(append(list, partnerCostColumns()...))
}

// partnerCostColumns are what a partner's exports add to FOCUS.
func partnerCostColumns() []Column {
	return []Column{
		text("customer_id", "x_CustomerId").clean(cleanCustomer),
		text("customer_name", "x_CustomerName"),
		text("reseller_mpn_id", "x_ResellerId").clean(cleanReseller),
		text("reseller_name", "x_ResellerName"),
		text("partner_id", "x_PartnerTenantId"),
		text("partner_name", "x_PartnerName"),
		text("previous_invoice_id"),
		text("charge_type"), // as written: Usage, Purchase, Refund, UnusedReservation, …
		text("product_id", "x_SkuOfferId"),
		text("product_name", "x_SkuDescription"),
		text("meter_id", "x_SkuMeterId"),
		text("meter_category", "x_SkuMeterCategory"),
		text("meter_sub_category", "x_SkuMeterSubcategory"),
		text("meter_name", "x_SkuMeterName"),
		text("meter_region", "x_SkuRegion"),
		text("term", "x_SkuTerm"),
		text("resource_group", "x_ResourceGroupName"),
		text("publisher_type", "x_PublisherCategory"),
		text("effective_unit_price", "x_EffectiveUnitPrice").clean(cleanPrice),
		decimal("fx_rate", "x_BillingExchangeRate"),
		date("fx_rate_date", "x_BillingExchangeRateDate"),
		decimal("pec_rate", "x_PartnerCreditRate"), // as written; whether fraction or percent is not sourced
		boolean("pec_applied", "x_PartnerCreditApplied"),
		date("service_period_start", "x_ServicePeriodStart"),
		date("service_period_end", "x_ServicePeriodEnd"),
		text("order_id", "x_SkuOrderId"),
		text("additional_info", "x_SkuDetails"),
	}
}

// costNames are the spellings of Azure Cost Management (A9) and of the older EA exports.
var costNames = map[string][]string{
	"availability_zone": nil, "billed_cost": {"costInBillingCurrency", "cost", "preTaxCost"},
	"billing_account_id": nil, "billing_account_name": nil,
	"billing_currency":     {"billingCurrencyCode", "currency", "currencyCode"},
	"billing_period_start": {"billingPeriodStartDate"}, "billing_period_end": {"billingPeriodEndDate"},
	"charge_frequency": {"frequency"}, "charge_period_start": {"date", "usageDateTime", "usageDate"},
	"commitment_discount_id": {"benefitId", "reservationId"}, "commitment_discount_name": {"benefitName", "reservationName"},
	"contracted_unit_price": {"unitPrice"}, "invoice_id": nil,
	"list_cost": {"paygCostInBillingCurrency"}, "list_unit_price": {"PayGPrice"},
	"pricing_category": {"pricingModel"}, "pricing_currency": nil,
	"pricing_currency_effective_cost": {"costInPricingCurrency"}, "pricing_quantity": {"quantity", "usageQuantity"},
	"pricing_unit": {"unitOfMeasure"}, "provider_name": {"provider"}, "publisher_name": nil,
	"region_id": {"resourceLocation"}, "region_name": {"location"},
	"resource_id": {"instanceId", "instanceName"}, "resource_name": nil,
	"service_category": {"serviceFamily"}, "sub_account_id": {"subscriptionId", "subscriptionGuid"},
	"sub_account_name": {"subscriptionName"}, "tags": nil, "customer_id": {"customerTenantId"}, "customer_name": nil,
	"reseller_mpn_id": nil, "reseller_name": nil, "partner_id": {"partnerTenantId"}, "partner_name": nil,
	"previous_invoice_id": nil, "charge_type": nil, "product_id": nil, "product_name": {"product"},
	"meter_id": {"meterGuid"}, "meter_category": nil, "meter_sub_category": nil, "meter_name": nil, "meter_region": nil,
	"term": nil, "resource_group": {"resourceGroupName"}, "publisher_type": nil,
	"effective_unit_price": {"effectivePrice", "resourceRate"}, "fx_rate": {"exchangeRatePricingToBilling", "exchangeRate"},
	"fx_rate_date": {"exchangeRateDate"}, "pec_rate": {"partnerEarnedCreditRate"},
	"pec_applied": {"partnerEarnedCreditApplied"}, "service_period_start": {"servicePeriodStartDate"},
	"service_period_end": {"servicePeriodEndDate"}, "order_id": {"productOrderId"}, "additional_info": nil,
}

// costColumns is an Azure Cost Management export in the same table: billed and effective cost are the row's cost, the
// charge period is the row's day.
func costColumns() []Column {
	return respell(focusColumns(), costNames,
		[]string{"billed_cost", "billing_currency", "charge_period_start", "pricing_quantity"},
		[]string{"charge_type", "meter_id", "sub_account_id"})
}

func lenient(columns []Column) []Column {
	for i := range columns {
		columns[i].Lenient = true
	}
	return columns
}
