package ingest

// reconColumns is billing reference A5, in Graph's order, then what only v1 pages and legacy lines have.
func reconColumns() []Column {
	return []Column{
		text("partner_id"),
		text("customer_id").key().clean(cleanCustomer),
		text("customer_name"),
		text("customer_domain", "CustomerDomainName"),
		text("customer_country"),
		text("invoice_number").key(),
		text("mpn_id"),
		text("reseller_mpn_id", "Tier2MpnId").clean(cleanReseller),
		text("order_id"),
		date("order_date"),
		text("product_id").key(),
		text("sku_id").key().clean(cleanSku),
		text("availability_id"),
		text("sku_name"),
		text("product_name"),
		text("charge_type").key(),
		decimal("unit_price").required(),
		decimal("quantity").required(),
		decimal("subtotal").required(),
		decimal("tax", "TaxTotal"),
		decimal("total", "TotalForCustomer").required(),
		text("currency").required().clean(cleanCurrency),
		text("price_adjustment", "PriceAdjustmentDescription"),
		text("publisher_name", "ProviderName"),
		text("publisher_id", "ProviderId"),
		text("subscription_description"),
		text("subscription_id").key(),
		date("charge_start", "ChargeStartDate"),
		date("charge_end", "ChargeEndDate"),
		text("term_and_billing_cycle"),
		text("effective_unit_price").clean(cleanPrice),
		text("unit_type"),
		text("alternate_id", "QuoteId"),
		decimal("billable_quantity"),
		text("billing_frequency"),
		text("pricing_currency").clean(cleanCurrency),
		decimal("fx_rate", "PCToBCExchangeRate"),
		date("fx_rate_date", "PCToBCExchangeRateDate"),
		text("meter_description"),
		text("reservation_order_id"),
		text("credit_reason_code"),
		date("subscription_start", "SubscriptionStartDate"),
		date("subscription_end", "SubscriptionEndDate"),
		text("reference_id"),
		text("product_qualifiers"),
		text("promotion_id"),
		text("product_category"),
		derived("family", Text), // usage.Family
		text("partner_name"),
		decimal("pec_percent", "PartnerEarnedCreditPercentage").
			percent("rateOfPartnerEarnedCredit", "hasPartnerEarnedCredit", "isPartnerEarnedCreditApplied"),
		date("usage_date"),
		text("meter_id"),
		text("meter_region"),
		decimal("included_quantity"),
		decimal("discount"),
		text("offer_id"),
		text("detail_line_item_id"),
	}
}

// legacyNames are spellings that the three legacy shapes share (billing reference A5b).
var legacyNames = map[string][]string{
	"partner_id": nil, "partner_name": nil, "customer_id": nil, "customer_name": {"customerCompanyName"},
	"customer_domain": {"domainName"}, "invoice_number": nil, "mpn_id": nil, "reseller_mpn_id": {"tier2MpnId"},
	"order_id": nil, "subscription_id": nil, "subscription_description": {"subscriptionName"},
	"charge_start": {"chargeStartDate"}, "charge_end": {"chargeEndDate"}, "charge_type": nil,
	"billing_frequency": {"billingCycleType"},
}

type legacyShape struct {
	names    map[string][]string
	required []string
	keys     []string
}

var legacyLicence = legacyShape{
	names: map[string][]string{
		"alternate_id": {"syndicationPartnerSubscriptionNumber"}, "product_id": {"durableOfferId"}, "offer_id": nil,
		"product_name": {"offerName"}, "subscription_start": {"subscriptionStartDate"},
		"subscription_end": {"subscriptionEndDate"}, "unit_price": nil, "quantity": nil, "discount": {"totalOtherDiscount"},
		"subtotal": nil, "tax": nil, "total": {"totalForCustomer"}, "currency": nil,
	},
	required: []string{"unit_price", "quantity", "subtotal", "total", "currency"},
	keys:     []string{"customer_id", "subscription_id", "offer_id", "charge_type"},
}

var legacyUsage = legacyShape{
	names: map[string][]string{
		"detail_line_item_id": nil, "sku_id": {"sku"}, "included_quantity": nil, "billable_quantity": {"overageQuantity"},
		"quantity": {"consumedQuantity"}, "unit_price": {"listPrice"}, "currency": nil, "subtotal": {"pretaxCharges"},
		"tax": {"taxAmount"}, "total": {"postTaxTotal"}, "effective_unit_price": {"pretaxEffectiveRate"},
		"product_name": {"serviceName"}, "sku_name": {"serviceType"}, "meter_id": {"resourceGuid"},
		"meter_description": {"resourceName"}, "meter_region": {"region"}, "unit_type": {"unit"},
	},
	required: []string{"unit_price", "quantity", "subtotal", "total", "currency", "billable_quantity"},
	keys:     []string{"customer_id", "subscription_id", "meter_id", "charge_type", "invoice_number"},
}

var legacyDaily = legacyShape{
	names: map[string][]string{
		"usage_date": nil, "quantity": {"consumedQuantity"}, "product_name": {"serviceName"}, "sku_name": {"serviceType"},
		"meter_id": {"resourceGuid"}, "meter_description": {"resourceName"}, "meter_region": {"region"},
		"unit_type": {"unit"},
	},
	required: []string{"usage_date", "quantity"},
	keys:     []string{"customer_id", "subscription_id", "meter_id", "invoice_number"},
}

func legacyColumns(shape legacyShape) []Column {
	names := make(map[string][]string, len(legacyNames)+len(shape.names))
	for _, m := range []map[string][]string{legacyNames, shape.names} {
		for k, v := range m {
			names[k] = v
		}
	}
	return respell(reconColumns(), names, shape.required, shape.keys)
}
