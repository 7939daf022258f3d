package lake

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strconv"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

const lineQuery = `SELECT data_set, blob, line, coalesce(family, ''), coalesce(partner_id, ''), coalesce(customer_id, ''), coalesce(customer_name, ''),
	coalesce(customer_domain, ''), coalesce(customer_country, ''), coalesce(invoice_number, ''), coalesce(mpn_id, ''), coalesce(reseller_mpn_id, ''),
	coalesce(order_id, ''), order_date, coalesce(product_id, ''), coalesce(sku_id, ''), coalesce(availability_id, ''), coalesce(sku_name, ''),
	coalesce(product_name, ''), coalesce(charge_type, ''), CAST(unit_price AS VARCHAR), CAST(quantity AS VARCHAR), CAST(subtotal AS VARCHAR),
	CAST(tax AS VARCHAR), CAST(total AS VARCHAR), coalesce(currency, ''), coalesce(price_adjustment, ''), coalesce(publisher_name, ''),
	coalesce(publisher_id, ''), coalesce(subscription_description, ''), coalesce(subscription_id, ''), charge_start, charge_end,
	coalesce(term_and_billing_cycle, ''), coalesce(effective_unit_price, '0'), coalesce(unit_type, ''), coalesce(alternate_id, ''),
	CAST(coalesce(billable_quantity, quantity) AS VARCHAR), coalesce(billing_frequency, ''), coalesce(pricing_currency, ''), CAST(fx_rate AS VARCHAR),
	fx_rate_date, coalesce(meter_description, ''), coalesce(reservation_order_id, ''), coalesce(credit_reason_code, ''), subscription_start,
	subscription_end, coalesce(reference_id, ''), coalesce(product_qualifiers, ''), coalesce(promotion_id, ''), coalesce(product_category, ''),
	coalesce(meter_id, '') FROM `

// At is one row of a data set, for finding a line again.
type At struct {
	DataSet string
	File    string
	Line    int64
}

// where limits a query to one row; nil is all rows.
func (a *At) where(names map[string][]string) string {
	if a == nil {
		return ""
	}
	blob := slices.Index(names[a.DataSet], a.File)
	return fmt.Sprintf(" AND data_set = %s AND blob = %d AND line = %d", quote(a.DataSet), blob, a.Line)
}

// Lines streams the reconciliation lines of a snapshot, in the order of their files; only one of them when at is given.
// Legacy daily quantities carry no charge and are left out.
func (l *Lake) Lines(ctx context.Context, s Snapshot, at *At) iter.Seq2[*usage.Line, error] {
	return func(yield func(*usage.Line, error) bool) {
		files := l.files(s, TableRecon)
		if len(files) == 0 {
			return
		}
		names := blobNames(s)
		rows, err := l.engine.db.QueryContext(ctx, lineQuery+readParquet(files, false)+" WHERE family <> 'legacy-daily'"+at.where(names)+" ORDER BY data_set, blob, line")
		if err != nil {
			yield(nil, fmt.Errorf("read lines: %w", err))
			return
		}
		defer rows.Close() //nolint:errcheck // read to its end
		for rows.Next() {
			var v usage.Line
			var blob int
			if err := rows.Scan(&v.DataSet, &blob, &v.Place.Line, &v.Family, &v.PartnerID, &v.CustomerID, &v.CustomerName, &v.CustomerDomain,
				&v.CustomerCountry, &v.InvoiceNumber, &v.MpnID, &v.ResellerMpnID, &v.OrderID, &v.OrderDate, &v.ProductID, &v.SkuID, &v.AvailabilityID,
				&v.SkuName, &v.ProductName, &v.ChargeType, &v.UnitPrice, &v.Quantity, &v.Subtotal, &v.Tax, &v.Total, &v.Currency, &v.PriceAdjustment,
				&v.PublisherName, &v.PublisherID, &v.SubscriptionDescription, &v.SubscriptionID, &v.ChargeStart, &v.ChargeEnd, &v.TermAndBillingCycle,
				&v.EffectiveUnitPrice, &v.UnitType, &v.AlternateID, &v.BillableQuantity, &v.BillingFrequency, &v.PricingCurrency, &v.FXRate, &v.FXRateDate,
				&v.MeterDescription, &v.ReservationOrderID, &v.CreditReasonCode, &v.SubscriptionStart, &v.SubscriptionEnd, &v.ReferenceID,
				&v.ProductQualifiers, &v.PromotionID, &v.ProductCategory, &v.MeterID); err != nil {
				yield(nil, fmt.Errorf("read lines: %w", err))
				return
			}
			trimLine(&v)
			v.Place.File = nameOf(names, v.DataSet, blob)
			v.ID = id.Hash("lin", v.DataSet, v.Place.File, strconv.FormatInt(v.Place.Line, 10))
			if !yield(&v, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("read lines: %w", err))
		}
	}
}

// trimLine drops the zeros that a DECIMAL(38,18) prints behind every number.
func trimLine(v *usage.Line) {
	for _, d := range []*money.Decimal{&v.UnitPrice, &v.Quantity, &v.Subtotal, &v.Tax, &v.Total, &v.EffectiveUnitPrice, &v.BillableQuantity, &v.FXRate} {
		*d = d.Trim()
	}
}

const costQuery = `SELECT data_set, blob, line, coalesce(customer_id, ''), coalesce(customer_name, ''), coalesce(invoice_id, ''), coalesce(reseller_mpn_id, ''),
	coalesce(product_id, sku_id, ''), coalesce(sku_id, ''), coalesce(sku_price_id, ''), coalesce(product_name, service_name, ''),
	coalesce(charge_description, meter_name, service_name, ''), coalesce(charge_type, charge_category, ''),
	CAST(coalesce(contracted_unit_price, list_unit_price, 0) AS VARCHAR), CAST(coalesce(pricing_quantity, consumed_quantity, 1) AS VARCHAR),
	CAST(billed_cost AS VARCHAR), coalesce(billing_currency, ''), coalesce(publisher_name, ''), coalesce(sub_account_name, ''),
	coalesce(sub_account_id, ''), charge_start, charge_end, coalesce(pricing_unit, consumed_unit, ''), coalesce(pricing_currency, ''),
	CAST(fx_rate AS VARCHAR), coalesce(meter_id, ''), coalesce(meter_category, service_name, ''), CAST(list_cost AS VARCHAR), list_cost IS NOT NULL,
	coalesce(commitment_discount_type, ''), coalesce(provider_name, '') FROM `

// CostLines streams cost rows of FOCUS and Cost Management files as lines that stand for themselves. A row without a
// customer belongs to the account below the billing account, which is what a reseller bills by.
func (l *Lake) CostLines(ctx context.Context, s Snapshot, at *At) iter.Seq2[*usage.Line, error] {
	return func(yield func(*usage.Line, error) bool) {
		files := l.files(s, TableCost)
		if len(files) == 0 {
			return
		}
		names := blobNames(s)
		rows, err := l.engine.db.QueryContext(ctx, costQuery+readParquet(files, false)+" WHERE true"+at.where(names)+" ORDER BY data_set, blob, line")
		if err != nil {
			yield(nil, fmt.Errorf("read cost rows: %w", err))
			return
		}
		defer rows.Close() //nolint:errcheck // read to its end
		for rows.Next() {
			v := usage.Line{Family: usage.FamilyCostRow}
			var blob int
			var commitment, provider string
			if err := rows.Scan(&v.DataSet, &blob, &v.Place.Line, &v.CustomerID, &v.CustomerName, &v.InvoiceNumber, &v.ResellerMpnID, &v.ProductID,
				&v.SkuID, &v.AvailabilityID, &v.ProductName, &v.SkuName, &v.ChargeType, &v.UnitPrice, &v.Quantity, &v.Subtotal, &v.Currency,
				&v.PublisherName, &v.SubscriptionDescription, &v.SubscriptionID, &v.ChargeStart, &v.ChargeEnd, &v.UnitType, &v.PricingCurrency, &v.FXRate,
				&v.MeterID, &v.MeterDescription, &v.Retail, &v.HasRetail, &commitment, &provider); err != nil {
				yield(nil, fmt.Errorf("read cost rows: %w", err))
				return
			}
			v.ProductCategory = commitment
			v.BillableQuantity, v.EffectiveUnitPrice, v.Total = v.Quantity, v.UnitPrice, v.Subtotal
			if v.CustomerID == "" {
				v.CustomerID, v.CustomerName = v.SubscriptionID, v.SubscriptionDescription
			}
			if v.PublisherName == "" {
				v.PublisherName = provider
			}
			trimLine(&v)
			v.Retail = v.Retail.Trim()
			v.Place.File = nameOf(names, v.DataSet, blob)
			v.ID = id.Hash("lin", v.DataSet, v.Place.File, strconv.FormatInt(v.Place.Line, 10))
			if !yield(&v, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, fmt.Errorf("read cost rows: %w", err))
		}
	}
}
