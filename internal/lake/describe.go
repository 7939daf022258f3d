package lake

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// moneyOf is the amount that tells a data set's worth, and its currency.
var moneyOf = map[string][2]string{
	ingest.TableUsage: {"billing_pretax_total", "billing_currency"}, ingest.TableRecon: {"total", "currency"},
	ingest.TableDocument: {"total_charges", "currency"}, ingest.TableCost: {"billed_cost", "billing_currency"},
}

// dayOf is the column whose months tell a data set's period.
var dayOf = map[string]string{
	ingest.TableUsage: "usage_date", ingest.TableRecon: "coalesce(charge_start, order_date)",
	ingest.TableDocument: "coalesce(period_start, date)", ingest.TableCost: "coalesce(billing_period_start, charge_start)",
}

// describe fills a data set's rows, money and period from its files.
func (l *Lake) describe(ctx context.Context, d *DataSet) error {
	from := readParquet(l.paths(d.Files), false)
	if err := l.engine.db.QueryRowContext(ctx, "SELECT count(*) FROM "+from).Scan(&d.Rows); err != nil {
		return fmt.Errorf("describe %s: %w", d.Key, err)
	}
	if m, ok := moneyOf[d.Table]; ok {
		if err := l.sums(ctx, d, from, m); err != nil {
			return err
		}
	}
	if m, err := period.ParseMonth(d.Key[strings.LastIndexByte(d.Key, '|')+1:]); err == nil {
		d.Period = m
		return nil
	}
	day, ok := dayOf[d.Table]
	if !ok {
		return nil
	}
	var month sql.NullString
	query := "SELECT strftime(" + day + ", '%Y-%m') AS m FROM " + from + " WHERE " + day + " IS NOT NULL GROUP BY m ORDER BY count(*) DESC, m DESC LIMIT 1"
	if err := l.engine.db.QueryRowContext(ctx, query).Scan(&month); err != nil && err != sql.ErrNoRows { //nolint:errorlint // returned as it is
		return fmt.Errorf("describe %s: %w", d.Key, err)
	}
	if month.Valid {
		d.Period, _ = period.ParseMonth(month.String)
	}
	return nil
}

func (l *Lake) sums(ctx context.Context, d *DataSet, from string, m [2]string) error {
	rows, err := l.engine.db.QueryContext(ctx, fmt.Sprintf("SELECT coalesce(%s, ''), CAST(sum(%s) AS VARCHAR) FROM %s GROUP BY 1 ORDER BY 1", m[1], m[0], from))
	if err != nil {
		return fmt.Errorf("describe %s: %w", d.Key, err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	for rows.Next() {
		var currency string
		var sum money.Decimal
		if err := rows.Scan(&currency, &sum); err != nil {
			return fmt.Errorf("describe %s: %w", d.Key, err)
		}
		d.Amounts = append(d.Amounts, Amount{Currency: money.Currency(currency), Value: money.MustParse(sum.Plain())})
	}
	return rows.Err() //nolint:wrapcheck // rarely anything but a cancelled context
}

// groups writes the dimension of a usage data set: one row a group. Two groups under one hash would show by their
// second hash.
func (im *importing) groups(ctx context.Context, d DataSet) (DataSet, error) {
	rel, err := im.l.newFile(tableGroup, im.id, im.next())
	if err != nil {
		return DataSet{}, err
	}
	from := readParquet(im.l.paths(d.Files), false)
	query := "SELECT " + quote(d.Key) + ` AS data_set, grp, any_value(invoice_number) AS invoice_number, any_value(customer_id) AS customer_id,
		any_value(customer_name) AS customer_name, any_value(subscription_id) AS subscription_id, any_value(product_id) AS product_id,
		any_value(sku_id) AS sku_id, any_value(availability_id) AS availability_id, any_value(meter_id) AS meter_id,
		strftime(min(usage_date), '%Y-%m') AS month, any_value(pec_percent) AS pec_percent, any_value(` + freeRow + `) AS free,
		any_value(billing_currency) AS billing_currency, any_value(pricing_currency) AS pricing_currency, any_value(fx_rate) AS fx_rate,
		any_value(sku_name) AS sku_name, any_value(product_name) AS product_name, any_value(publisher_name) AS publisher_name,
		any_value(meter_category) AS meter_category, any_value(meter_sub_category) AS meter_sub_category, any_value(meter_name) AS meter_name,
		any_value(unit) AS unit, any_value(reseller_mpn_id) AS reseller_mpn_id,
		CASE WHEN min(entitlement_id) = max(entitlement_id) THEN min(entitlement_id) END AS entitlement_id,
		CASE WHEN min(tags) = max(tags) AND count(tags) = count(*) THEN min(tags) END AS tags,
		any_value(benefit_type) AS benefit_type, any_value(benefit_order_id) AS benefit_order_id,
		min(usage_date) AS first_day, max(usage_date) AS last_day,
		CASE WHEN min(grp2) <> max(grp2) THEN error('two groups under one hash') END AS checked FROM ` + from + " GROUP BY grp ORDER BY 4, 6, 7, 8, grp"
	if err := im.l.writeParquet(ctx, tableGroup, "SELECT * FROM ("+query+") WHERE checked IS NULL", rel); err != nil {
		return DataSet{}, err
	}
	n, err := im.l.count(ctx, rel)
	if err != nil {
		return DataSet{}, err
	}
	return DataSet{Key: tableGroup + strings.TrimPrefix(d.Key, ingest.TableUsage), Table: tableGroup, Hash: d.Hash, Blobs: d.Blobs, Files: []string{rel},
		Rows: n, Period: d.Period, ImportID: im.id}, nil
}
