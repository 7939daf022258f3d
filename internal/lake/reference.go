package lake

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// Documents lists the invoices, credit notes and adjustments of a snapshot.
func (l *Lake) Documents(ctx context.Context, s Snapshot) ([]usage.Document, error) {
	files := l.files(s, TableDocument)
	if len(files) == 0 {
		return nil, nil
	}
	names := blobNames(s)
	rows, err := l.engine.db.QueryContext(ctx, `SELECT data_set, blob, coalesce(line, 0), number, coalesce(document_type, ''), coalesce(invoice_type, ''),
		coalesce(amends_of, CASE WHEN root <> number THEN root ELSE '' END, ''), date, period_start, period_end, currency, CAST(total_charges AS VARCHAR),
		CAST(paid_amount AS VARCHAR) FROM `+readParquet(files, false)+" ORDER BY data_set, blob, line")
	if err != nil {
		return nil, fmt.Errorf("read documents: %w", err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	var out []usage.Document
	for rows.Next() {
		var d usage.Document
		var blob int
		if err := rows.Scan(&d.DataSet, &blob, &d.Place.Line, &d.Number, &d.DocumentType, &d.InvoiceType, &d.AmendsOf, &d.Date, &d.PeriodStart,
			&d.PeriodEnd, &d.Currency, &d.TotalCharges, &d.PaidAmount); err != nil {
			return nil, fmt.Errorf("read documents: %w", err)
		}
		d.TotalCharges, d.PaidAmount = d.TotalCharges.Trim(), d.PaidAmount.Trim()
		d.Place.File = nameOf(names, d.DataSet, blob)
		out = append(out, d)
	}
	return newest(out, s), rows.Err() //nolint:wrapcheck // rarely anything but a cancelled context
}

// newest keeps one document a number: the one that was imported last, where one stands in its invoice's file and in a
// file of its own.
func newest(all []usage.Document, s Snapshot) []usage.Document {
	at := map[string]time.Time{}
	for _, d := range s.Sets {
		at[d.Key] = d.ImportedAt
	}
	best := map[string]int{}
	for i := range all {
		k, known := best[all[i].Number]
		if !known || at[all[k].DataSet].Before(at[all[i].DataSet]) {
			best[all[i].Number] = i
		}
	}
	out := make([]usage.Document, 0, len(best))
	for i := range all {
		if best[all[i].Number] == i {
			out = append(out, all[i])
		}
	}
	return out
}

// PriceRows lists the price sheet rows of the given products; of all sheets that the snapshot holds.
func (l *Lake) PriceRows(ctx context.Context, s Snapshot, products []catalog.ProductSKU) ([]catalog.PriceRow, error) {
	files := l.files(s, TablePrice)
	if len(files) == 0 || len(products) == 0 {
		return nil, nil
	}
	wanted := make([]string, len(products))
	for i, p := range products {
		wanted[i] = p.ProductID + "|" + p.SkuID
	}
	names, months := blobNames(s), map[string]period.Month{}
	for _, d := range s.Of(TablePrice) {
		months[d.Key] = d.Period
	}
	rows, err := l.engine.db.QueryContext(ctx, `SELECT data_set, blob, coalesce(line, 0), coalesce(view, ''), product_id, sku_id, coalesce(product_title, ''),
		coalesce(sku_title, ''), coalesce(publisher, ''), coalesce(unit, ''), coalesce(term, ''), coalesce(billing_plan, ''), coalesce(market, ''),
		coalesce(currency, ''), coalesce(segment, ''), CAST(unit_price AS VARCHAR), CAST(erp_price AS VARCHAR), erp_price IS NOT NULL,
		CAST(tier_min AS VARCHAR), CAST(tier_max AS VARCHAR), tier_open, effective_start, CASE WHEN year(effective_end) < 9999 THEN effective_end END,
		coalesce(meter_ids, ''), coalesce(tags, '') FROM `+readParquet(files, false)+
		" WHERE product_id || '|' || sku_id IN ("+quoteList(wanted)+") ORDER BY data_set, blob, line")
	if err != nil {
		return nil, fmt.Errorf("read prices: %w", err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	var out []catalog.PriceRow
	for rows.Next() {
		var p catalog.PriceRow
		var blob int
		if err := rows.Scan(&p.DataSet, &blob, &p.Place.Line, &p.View, &p.ProductID, &p.SkuID, &p.ProductTitle, &p.SkuTitle, &p.Publisher, &p.Unit, &p.Term,
			&p.BillingPlan, &p.Market, &p.Currency, &p.Segment, &p.UnitPrice, &p.ERPPrice, &p.HasERP, &p.TierMin, &p.TierMax, &p.TierOpen, &p.From, &p.To,
			&p.MeterIDs, &p.Tags); err != nil {
			return nil, fmt.Errorf("read prices: %w", err)
		}
		for _, d := range []*money.Decimal{&p.UnitPrice, &p.ERPPrice, &p.TierMin, &p.TierMax} {
			*d = d.Trim()
		}
		p.Place.File, p.Sheet = nameOf(names, p.DataSet, blob), months[p.DataSet]
		p.ID = id.Hash("prc", p.DataSet, p.Place.File, strconv.FormatInt(p.Place.Line, 10))
		out = append(out, p)
	}
	return out, rows.Err() //nolint:wrapcheck // rarely anything but a cancelled context
}

// FXRates lists the exchange rates of a month.
func (l *Lake) FXRates(ctx context.Context, s Snapshot, m period.Month) ([]catalog.FXRate, error) {
	files := l.files(s, TableFX)
	if len(files) == 0 {
		return nil, nil
	}
	names := blobNames(s)
	rows, err := l.engine.db.QueryContext(ctx, "SELECT data_set, blob, coalesce(line, 0), currency, CAST(usd_per_unit AS VARCHAR), month FROM "+
		readParquet(files, false)+" WHERE month = "+quote(m.String())+" ORDER BY currency")
	if err != nil {
		return nil, fmt.Errorf("read exchange rates: %w", err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	var out []catalog.FXRate
	for rows.Next() {
		var r catalog.FXRate
		var blob int
		if err := rows.Scan(&r.DataSet, &blob, &r.Place.Line, &r.Currency, &r.USDPerUnit, &r.Month); err != nil {
			return nil, fmt.Errorf("read exchange rates: %w", err)
		}
		r.USDPerUnit, r.Place.File = r.USDPerUnit.Trim(), nameOf(names, r.DataSet, blob)
		out = append(out, r)
	}
	return out, rows.Err() //nolint:wrapcheck // rarely anything but a cancelled context
}
