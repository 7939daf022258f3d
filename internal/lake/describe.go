package lake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/chandler-csp/chandler/internal/core/errs"
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
	if d.Table == ingest.TableUsage {
		from = "(" + whole("SELECT * FROM "+from) + ")"
	}
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
	if err := l.engine.db.QueryRowContext(ctx, query).Scan(&month); err != nil && !errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("describe %s: %w", d.Key, err)
	}
	if month.Valid {
		d.Period, _ = period.ParseMonth(month.String)
	}
	return nil
}

// sums adds up a data set's money by currency. What no DECIMAL(38,18) holds is the input's fault, though each of its
// numbers fits.
func (l *Lake) sums(ctx context.Context, d *DataSet, from string, m [2]string) error {
	var most float64
	if err := l.engine.db.QueryRowContext(ctx, fmt.Sprintf("SELECT coalesce(sum(abs(CAST(%s AS DOUBLE))), 0) FROM %s", m[0], from)).Scan(&most); err != nil {
		return fmt.Errorf("describe %s: %w", d.Key, err)
	}
	if most >= 1e20 {
		return errs.Join("import.refused", "the import is refused and nothing of it is kept", []errs.Field{{
			Place: d.Blobs[0].Name, Code: ingest.CodeTooLong,
			Detail: "the amounts of " + d.Key + " add up to more than 20 digits before the point",
		}})
	}
	rows, err := l.engine.db.QueryContext(ctx, fmt.Sprintf("SELECT coalesce(%[1]s, ''), CAST(sum(%[2]s) AS VARCHAR) FROM %[3]s WHERE %[2]s IS NOT NULL GROUP BY 1 ORDER BY 1",
		m[1], m[0], from))
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
