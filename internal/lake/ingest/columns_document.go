package ingest

// documentColumns is billing reference A6, one row for each invoice, credit note or adjustment.
func documentColumns() []Column {
	return []Column{
		text("number", "id").required(),
		date("date", "invoiceDate"),
		date("period_start", "billingPeriodStartDate"),
		date("period_end", "billingPeriodEndDate"), // inclusive
		decimal("total_charges").required(),
		decimal("paid_amount"),
		text("currency", "currencyCode").required().clean(cleanCurrency),
		text("document_type"),
		text("invoice_type"),
		text("amends_of"),
		derived("root", Text), // number of the document that the file names at its top: the data set's key
	}
}
