package lake

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/money"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/catalog"
	"github.com/chandler-csp/chandler/internal/csp/usage"
)

// Product is a product that usage names, with its first and last usage day.
type Product struct {
	catalog.ProductSKU
	First, Last period.Date
}

// UsageProducts lists the products of a snapshot's usage, from the dimension alone.
func (l *Lake) UsageProducts(ctx context.Context, s Snapshot) ([]Product, error) {
	files := l.files(s, tableGroup)
	if len(files) == 0 {
		return nil, nil
	}
	rows, err := l.engine.db.QueryContext(ctx, "SELECT coalesce(product_id, ''), coalesce(sku_id, ''), min(first_day), max(last_day) FROM "+
		readParquet(files, false)+" GROUP BY 1, 2 ORDER BY 1, 2")
	if err != nil {
		return nil, fmt.Errorf("list products of usage: %w", err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	var out []Product
	for rows.Next() {
		var p Product
		if err := rows.Scan(&p.ProductID, &p.SkuID, &p.First, &p.Last); err != nil {
			return nil, fmt.Errorf("list products of usage: %w", err)
		}
		out = append(out, p)
	}
	return out, rows.Err() //nolint:wrapcheck // rarely anything but a cancelled context
}

const groupQuery = `WITH daily AS (SELECT grp FROM %[1]s WHERE %[3]s),
	sums AS (SELECT u.grp, CASE WHEN d.grp IS NULL THEN NULL ELSE u.usage_date END AS day, min(u.usage_date) AS first_day, max(u.usage_date) AS last_day,
		sum(u.quantity) AS quantity, sum(u.billing_pretax_total) AS billed, count(*) AS n, arg_max(u.unit_price, u.usage_date) AS unit_price
		FROM %[2]s u LEFT JOIN daily d ON u.grp = d.grp GROUP BY u.grp, day)
	SELECT s.grp, coalesce(g.invoice_number, ''), coalesce(g.customer_id, ''), coalesce(g.subscription_id, ''), coalesce(g.product_id, ''),
		coalesce(g.sku_id, ''), coalesce(g.availability_id, ''), coalesce(g.meter_id, ''), coalesce(g.month, ''), CAST(coalesce(g.pec_percent, 0) AS VARCHAR),
		g.free, s.first_day, s.last_day, coalesce(g.billing_currency, ''), coalesce(g.pricing_currency, ''), CAST(g.fx_rate AS VARCHAR),
		CAST(s.unit_price AS VARCHAR), CAST(s.quantity AS VARCHAR), CAST(s.billed AS VARCHAR), s.n, coalesce(g.sku_name, ''), coalesce(g.product_name, ''),
		coalesce(g.publisher_name, ''), coalesce(g.meter_category, ''), coalesce(g.meter_sub_category, ''), coalesce(g.meter_name, ''),
		coalesce(g.unit, ''), coalesce(g.customer_name, ''), coalesce(g.reseller_mpn_id, ''), coalesce(g.entitlement_id, ''), coalesce(g.tags, ''),
		coalesce(g.benefit_type, ''), coalesce(g.benefit_order_id, '')
	FROM sums s JOIN %[1]s g ON g.grp = s.grp
	ORDER BY g.customer_id, g.subscription_id, g.product_id, g.sku_id, g.availability_id, s.first_day, s.grp`

// GroupPick limits Groups: products priced day by day, and the one Azure plan and product to read, when Subscription
// is set.
type GroupPick struct {
	ByDay        []catalog.ProductSKU
	Subscription string
	Product      catalog.ProductSKU
}

// fewGroups is up to how many groups are looked for one by one: their numbers are hashes, which only Parquet's bloom
// filters tell apart, and those serve a single number at a time.
const fewGroups = 6

// rowsOfGroups is a table of the usage rows of some groups.
func rowsOfGroups(files []string, ids []int64, rowNumbers bool) string {
	table := readParquet(files, rowNumbers)
	parts := make([]string, 0, len(ids))
	for _, id := range ids {
		parts = append(parts, strconv.FormatInt(id, 10))
	}
	if len(ids) == 0 || len(ids) > fewGroups {
		return "(SELECT * FROM " + table + " WHERE grp IN (" + strings.Join(append(parts, "-1"), ", ") + "))"
	}
	for i := range parts {
		parts[i] = "SELECT * FROM " + table + " WHERE grp = " + parts[i]
	}
	return "(" + strings.Join(parts, " UNION ALL ") + ")"
}

// picked is the table of the rows that a pick is about, all of them without one.
func (l *Lake) picked(ctx context.Context, files, dimension []string, p GroupPick) (string, error) {
	if p.Subscription == "" {
		return readParquet(files, false), nil
	}
	rows, err := l.engine.db.QueryContext(ctx, "SELECT grp FROM "+readParquet(dimension, false)+" WHERE subscription_id = ? AND product_id = ? AND sku_id = ?",
		p.Subscription, p.Product.ProductID, p.Product.SkuID)
	if err != nil {
		return "", fmt.Errorf("find usage groups: %w", err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	var ids []int64
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return "", fmt.Errorf("find usage groups: %w", err)
		}
		ids = append(ids, id)
	}
	return rowsOfGroups(files, ids, false), rows.Err() //nolint:wrapcheck // rarely anything but a cancelled context
}

// Groups sums a snapshot's usage rows by group; the groups of the products in ByDay are given day by day, for prices
// that depend on it. Every row is read: the sums are made anew, not kept from the import.
func (l *Lake) Groups(ctx context.Context, s Snapshot, pick GroupPick) iter.Seq2[usage.Group, error] {
	return func(yield func(usage.Group, error) bool) {
		files, dimension := l.files(s, TableUsage), l.files(s, tableGroup)
		if len(files) == 0 {
			return
		}
		daily := "false"
		if len(pick.ByDay) > 0 {
			pairs := make([]string, len(pick.ByDay))
			for i, p := range pick.ByDay {
				pairs[i] = quote(p.ProductID + "|" + p.SkuID)
			}
			daily = "product_id || '|' || sku_id IN (" + strings.Join(pairs, ", ") + ")"
		}
		from, err := l.picked(ctx, files, dimension, pick)
		if err != nil {
			yield(usage.Group{}, err)
			return
		}
		rows, err := l.engine.db.QueryContext(ctx, fmt.Sprintf(groupQuery, readParquet(dimension, false), from, daily))
		if err != nil {
			yield(usage.Group{}, fmt.Errorf("sum usage: %w", err))
			return
		}
		defer rows.Close() //nolint:errcheck // read to its end
		for rows.Next() {
			var g usage.Group
			if err := rows.Scan(&g.ID, &g.InvoiceNumber, &g.CustomerID, &g.SubscriptionID, &g.ProductID, &g.SkuID, &g.AvailabilityID, &g.MeterID,
				&g.Month, &g.PEC, &g.Free, &g.From, &g.To, &g.Currency, &g.PricingCurrency, &g.FXRate, &g.UnitPrice, &g.Quantity, &g.Billed, &g.Rows,
				&g.SkuName, &g.ProductName, &g.PublisherName, &g.MeterCategory, &g.MeterSubCategory, &g.MeterName, &g.Unit, &g.CustomerName,
				&g.ResellerMpnID, &g.EntitlementID, &g.Tags, &g.BenefitType, &g.BenefitOrderID); err != nil {
				yield(usage.Group{}, fmt.Errorf("sum usage: %w", err))
				return
			}
			for _, d := range []*money.Decimal{&g.PEC, &g.FXRate, &g.UnitPrice, &g.Quantity, &g.Billed} {
				*d = d.Trim()
			}
			if !yield(g, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(usage.Group{}, fmt.Errorf("sum usage: %w", err))
		}
	}
}

// UsageRow is one row of daily-rated usage, as an explanation shows it.
type UsageRow struct {
	usage.Place
	Date           period.Date   `json:"date"`
	Resource       string        `json:"resource"`
	Meter          string        `json:"meter"`
	Quantity       money.Decimal `json:"quantity"`
	Unit           string        `json:"unit"`
	UnitPrice      money.Decimal `json:"unit_price"`
	EffectivePrice string        `json:"effective_unit_price"`
	PEC            money.Decimal `json:"pec_percent"`
	Billed         money.Decimal `json:"billing_pretax_total"`
	Currency       string        `json:"currency"`
	Entitlement    string        `json:"entitlement"`
	Tags           string        `json:"tags"`
}

// UsageRows finds the rows of groups again, at most limit of them, in the order of their files. A row that was read in
// bulk has its line from its position: such files have a row a line, after one header.
func (l *Lake) UsageRows(ctx context.Context, s Snapshot, groups []int64, limit int) ([]UsageRow, error) {
	files := l.files(s, TableUsage)
	if len(files) == 0 || len(groups) == 0 {
		return nil, nil
	}
	names := blobNames(s)
	from := rowsOfGroups(files, groups, true)
	// Where the first rows stand is found in narrow columns; the wide ones are read of those alone.
	rows, err := l.engine.db.QueryContext(ctx, fmt.Sprintf(`SELECT data_set, blob, coalesce(line, file_row_number + 2) AS place, usage_date, coalesce(resource_uri, ''),
		coalesce(g.meter_name, ''), CAST(quantity AS VARCHAR), coalesce(g.unit, ''), CAST(unit_price AS VARCHAR), coalesce(effective_unit_price, ''),
		CAST(coalesce(g.pec_percent, 0) AS VARCHAR), CAST(billing_pretax_total AS VARCHAR), g.billing_currency, coalesce(u.entitlement_id, ''), coalesce(u.tags, '')
		FROM (SELECT * FROM %[1]s WHERE file_row_number <= (SELECT max(file_row_number) FROM (SELECT file_row_number FROM %[1]s
			ORDER BY data_set, blob, coalesce(line, file_row_number + 2) LIMIT %[3]d))) u
		JOIN (SELECT grp, meter_name, unit, pec_percent, billing_currency FROM %[2]s) g USING (grp)
		ORDER BY data_set, blob, place LIMIT %[3]d`, from, readParquet(l.files(s, tableGroup), false), limit))
	if err != nil {
		return nil, fmt.Errorf("find usage rows: %w", err)
	}
	defer rows.Close() //nolint:errcheck // read to its end
	var out []UsageRow
	for rows.Next() {
		var r UsageRow
		var set string
		var blob int
		if err := rows.Scan(&set, &blob, &r.Line, &r.Date, &r.Resource, &r.Meter, &r.Quantity, &r.Unit, &r.UnitPrice, &r.EffectivePrice, &r.PEC,
			&r.Billed, &r.Currency, &r.Entitlement, &r.Tags); err != nil {
			return nil, fmt.Errorf("find usage rows: %w", err)
		}
		r.File = nameOf(names, set, blob)
		for _, d := range []*money.Decimal{&r.Quantity, &r.UnitPrice, &r.PEC, &r.Billed} {
			*d = d.Trim()
		}
		out = append(out, r)
	}
	return out, rows.Err() //nolint:wrapcheck // rarely anything but a cancelled context
}
