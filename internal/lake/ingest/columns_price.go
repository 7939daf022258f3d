package ingest

// priceColumns covers the views azure_consumption, azure_reservations (A1), updatedlicensebased with 18, 19 and 21
// columns (A2) and software (A3).
func priceColumns() []Column {
	return []Column{
		derived("view", Text),
		text("change_indicator"),
		text("product_title"),
		text("product_id").required(),
		text("sku_id").required().clean(cleanSku),
		text("sku_title"),
		text("publisher"),
		text("sku_description"),
		text("unit", "UnitOfMeasure"),
		text("term", "TermDuration"),
		text("billing_plan"),
		text("market").required().clean(cleanMarket),
		text("currency").required().clean(cleanCurrency),
		decimal("unit_price").required(),
		decimal("erp_price", "ERP"),
		decimal("tier_min", "PricingTierRangeMin"),
		decimal("tier_max", "PricingTierRangeMax"),
		derived("tier_open", Bool), // no upper end
		date("effective_start", "EffectiveStartDate").key(),
		date("effective_end", "EffectiveEndDate"), // inclusive; 9999 is an open end
		date("end_of_sale", "EndofSaleDate"),
		text("meter_ids", "MeterId"),
		text("meter_type"),
		text("tags"),
		text("segment"),
		text("previous_values"),
		text("category"),
		text("region"),
		decimal("included_quantity"),
	}
}

// rateCardColumns is the legacy RateCard, one row for each step of a meter's rates.
func rateCardColumns() []Column {
	names := map[string][]string{
		"product_title": {"category"}, "sku_title": {"name"}, "unit": nil, "effective_start": {"effectiveDate"},
		"meter_ids": {"id"}, "tags": nil, "category": {"subcategory"}, "region": nil, "included_quantity": nil,
	}
	return respell(priceColumns(), names, nil, []string{"meter_ids"})
}

func fxColumns() []Column {
	return []Column{
		text("currency", "CurrencyCode").required().clean(cleanCurrency),
		decimal("usd_per_unit", "USDPerUnit").required(),
		text("month").key(), // YYYY-MM; a word that is no month is told by the file's name (correction 7)
	}
}
