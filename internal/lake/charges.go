package lake

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"github.com/duckdb/duckdb-go/v2"

	"github.com/chandler-csp/chandler/internal/core/id"
	"github.com/chandler-csp/chandler/internal/core/period"
	"github.com/chandler-csp/chandler/internal/csp/rating"
)

// WriteCharges keeps a run's charges: the period's data set of charges is replaced when keep has kept the run in the
// records, with the data set that it gets. Up to there a crash undoes the change, from there on it finishes it.
func (l *Lake) WriteCharges(ctx context.Context, runID string, p period.Month, charges []rating.Charge, keep func(DataSet) error) error {
	in := Intent{ID: id.New("chs", l.cfg.Clock()), Kind: kindRun, State: "staging", At: l.cfg.Clock()}
	if err := l.cfg.Journal.Begin(ctx, in); err != nil {
		return fmt.Errorf("keep charges: %w", err)
	}
	l.cfg.FailPoint("begun charges")
	d, c, err := l.stageCharges(ctx, in.ID, runID, p, charges)
	if err == nil {
		c.Run = runID
		err = l.announce(ctx, in, c)
	}
	if err == nil {
		l.cfg.FailPoint("staged charges")
		err = keep(d)
	}
	done := context.WithoutCancel(ctx)
	if err != nil {
		if kept, lost := l.cfg.Kept(done, runID); kept || lost != nil {
			return errors.Join(err, lost) // it was kept, or nobody knows: the next start will
		}
		return errors.Join(err, l.discard(done, in.ID))
	}
	l.cfg.FailPoint("kept the run")
	return l.finish(done, in, c)
}

func (l *Lake) stageCharges(ctx context.Context, intent, runID string, p period.Month, charges []rating.Charge) (DataSet, change, error) {
	d := DataSet{
		Key: "charge|" + p.String(), Table: tableCharge, Hash: id.Hash("set", runID), Period: p, ImportID: intent, Rows: int64(len(charges)),
		ImportedAt: l.cfg.Clock(), Current: true,
	}
	if err := l.fillCharges(ctx, d.Key, runID, charges); err != nil {
		return d, change{}, err
	}
	rel, err := l.newFile(tableCharge, intent, 1)
	if err != nil {
		return d, change{}, err
	}
	// Charges of one customer and subscription lie together, so that reading one invoice's touches few row groups.
	if err := l.writeParquet(ctx, tableCharge, "SELECT * REPLACE (data_set AS data_set"+l.casts(tableCharge)+") FROM stage_charge ORDER BY tenant_id, subscription_id, id", rel); err != nil {
		return d, change{}, err
	}
	if err := l.engine.exec(ctx, "DROP TABLE stage_charge"); err != nil {
		return d, change{}, fmt.Errorf("keep charges: %w", err)
	}
	d.Files = []string{rel}
	old, err := l.cfg.Journal.CurrentDataSets(ctx)
	if err != nil {
		return d, change{}, fmt.Errorf("keep charges: %w", err)
	}
	c := change{In: map[string][]string{tableCharge: d.Files}, Out: map[string][]string{}}
	d.Version = 1
	for _, o := range old {
		if o.Key == d.Key {
			c.Out[tableCharge], d.Version = o.Files, o.Version+1
		}
	}
	c.Sets = []DataSet{d}
	return d, c, nil
}

func (l *Lake) fillCharges(ctx context.Context, set, runID string, charges []rating.Charge) error {
	conn, err := l.engine.db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("keep charges: %w", err)
	}
	defer conn.Close() //nolint:errcheck // back to the pool
	if _, err := conn.ExecContext(ctx, l.stagingTable(tableCharge)); err != nil {
		return fmt.Errorf("keep charges: %w", err)
	}
	return conn.Raw(func(raw any) error { //nolint:wrapcheck // wrapped within
		a, err := duckdb.NewAppenderFromConn(raw.(driver.Conn), "", "stage_charge") //nolint:forcetypeassert // it is DuckDB's
		if err != nil {
			return fmt.Errorf("keep charges: %w", err)
		}
		for i := range charges {
			if err := appendCharge(a, set, runID, &charges[i]); err != nil {
				return errors.Join(fmt.Errorf("keep charge %s: %w", charges[i].ID, err), a.Close())
			}
		}
		return a.Close()
	})
}

func appendCharge(a *duckdb.Appender, set, runID string, c *rating.Charge) error {
	details, err := json.Marshal(c)
	if err != nil {
		return err //nolint:wrapcheck // the caller says which
	}
	var from, to driver.Value
	if !c.From.IsZero() {
		from = c.From.Time()
	}
	if !c.To.IsZero() {
		to = c.To.Time()
	}
	return a.AppendRow(set, runID, c.ID, c.LineID, c.CustomerID, c.TenantID, c.ResellerMpnID, c.InvoiceNumber, c.SubscriptionID, c.ProductID, c.SkuID, //nolint:wrapcheck // the caller says which
		c.MeterID, c.Category, c.ChargeType, from, to, string(c.Currency), c.Cost.String(), c.Retail.String(), c.Sell.String(), string(c.SellCurrency),
		string(c.Mode), c.RuleID, string(details))
}

// Charges reads charges of a data set again: those with the given ids, or all when ids is nil.
func (l *Lake) Charges(ctx context.Context, d DataSet, ids []string) iter.Seq2[rating.Charge, error] {
	switch {
	case ids == nil:
		return l.chargesWhere(ctx, d, "")
	case len(ids) == 0:
		return func(func(rating.Charge, error) bool) {}
	default:
		return l.chargesWhere(ctx, d, " WHERE id IN ("+quoteList(ids)+")")
	}
}

// ChargesOf reads the charges of one customer again.
func (l *Lake) ChargesOf(ctx context.Context, d DataSet, customerID string) iter.Seq2[rating.Charge, error] {
	return l.chargesWhere(ctx, d, " WHERE customer_id = "+quote(customerID))
}

// ChargesTogether reads the charges of a tenant that were rounded together.
func (l *Lake) ChargesTogether(ctx context.Context, d DataSet, tenantID, sellGroup string) iter.Seq2[rating.Charge, error] {
	return l.chargesWhere(ctx, d, " WHERE tenant_id = "+quote(tenantID)+" AND json_extract_string(details, '$.sell_group') = "+quote(sellGroup))
}

func (l *Lake) chargesWhere(ctx context.Context, d DataSet, where string) iter.Seq2[rating.Charge, error] {
	return func(yield func(rating.Charge, error) bool) {
		rows, err := l.engine.db.QueryContext(ctx, "SELECT details FROM "+readParquet(l.paths(d.Files), false)+where+" ORDER BY id")
		if err != nil {
			yield(rating.Charge{}, fmt.Errorf("read charges: %w", err))
			return
		}
		defer rows.Close() //nolint:errcheck // read to its end
		for rows.Next() {
			var text string
			var c rating.Charge
			err := rows.Scan(&text)
			if err == nil {
				err = json.Unmarshal([]byte(text), &c)
			}
			if err != nil {
				yield(c, fmt.Errorf("read charges: %w", err))
				return
			}
			if !yield(c, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(rating.Charge{}, fmt.Errorf("read charges: %w", err))
		}
	}
}
