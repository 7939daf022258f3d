package lake

import (
	"context"
	"fmt"
	"slices"

	"github.com/chandler-csp/chandler/internal/core/errs"
	"github.com/chandler-csp/chandler/internal/lake/ingest"
)

// spelled are the columns that every spelling of a table's files has and writes alike.
var spelled = map[string][]string{
	ingest.TableUsage: {
		"customer_id", "subscription_id", "product_id", "sku_id", "meter_id", "resource_uri", "usage_date", "quantity", "unit_price",
		"billing_pretax_total", "billing_currency",
	},
	ingest.TableRecon: {
		"customer_id", "subscription_id", "order_id", "product_id", "sku_id", "availability_id", "charge_start", "charge_end",
		"quantity", "subtotal", "total", "currency",
	},
}

// onceByFormat keeps one format where files of several tell the same rows.
func (im *importing) onceByFormat(ctx context.Context, st *staged) error {
	formats := []ingest.Format{ingest.FormatCSV, ingest.FormatJSONL, ingest.FormatJSON}
	for i, a := range formats {
		for _, b := range formats[i+1:] {
			if err := im.compareFormats(ctx, st, st.of(a), st.of(b)); err != nil {
				return err
			}
		}
	}
	return nil
}

// of lists the blobs of a format.
func (st *staged) of(f ingest.Format) []*stagedBlob {
	var list []*stagedBlob
	for _, b := range st.blobs {
		if b.of.src.Format == f {
			list = append(list, b)
		}
	}
	return list
}

func rowsIn(blobs []*stagedBlob) int64 {
	n := int64(0)
	for _, b := range blobs {
		n += b.rows
	}
	return n
}

// compareFormats drops the files of one format when those of the other hold all of their rows. Where most rows of one
// are in the other, they are neither a copy nor an addition, and nobody can tell which to charge; a few may well be
// equal, as they may be within a file.
func (im *importing) compareFormats(ctx context.Context, st *staged, as, bs []*stagedBlob) error {
	if len(as) == 0 || len(bs) == 0 {
		return nil
	}
	shared, err := im.shared(ctx, st, as, bs)
	switch {
	case err != nil:
		return err
	case shared == rowsIn(bs):
		return im.drop(st, bs, as[0])
	case shared == rowsIn(as):
		return im.drop(st, as, bs[0])
	case 2*shared >= min(rowsIn(as), rowsIn(bs)):
		im.faults.add(errs.Field{Place: bs[0].name(), Code: "import.overlap", Detail: fmt.Sprintf(
			"%d of its %d rows of %s stand in %s as well, which has %d: import one of the two", shared, rowsIn(bs), st.key, as[0].name(), rowsIn(as))})
	case shared > 0:
		im.note("%d rows of %s in %s stand in %s as well; all are counted", shared, st.key, bs[0].name(), as[0].name())
	}
	return nil
}

// drop takes blobs out of a data set that holds their rows from another file.
func (im *importing) drop(st *staged, blobs []*stagedBlob, first *stagedBlob) error {
	for _, b := range blobs {
		im.twice(b.name(), "the same rows as", first.name())
		if err := im.forget(b); err != nil {
			return err
		}
	}
	st.blobs = slices.DeleteFunc(st.blobs, func(b *stagedBlob) bool { return slices.Contains(blobs, b) })
	return nil
}

// shared counts the rows that both hold.
func (im *importing) shared(ctx context.Context, st *staged, as, bs []*stagedBlob) (int64, error) {
	count := func(blobs []*stagedBlob) string {
		return "SELECT " + rowHash(st.table, spelled[st.table]) + " AS h, count(*) AS n FROM (" + im.rowsOf(st, blobs...) + ") GROUP BY h"
	}
	var n int64
	query := "SELECT CAST(coalesce(sum(least(a.n, b.n)), 0) AS BIGINT) FROM (" + count(as) + ") a JOIN (" + count(bs) + ") b USING (h)"
	if err := im.l.engine.db.QueryRowContext(ctx, query).Scan(&n); err != nil {
		return 0, fmt.Errorf("compare the files of %s: %w", st.key, err)
	}
	return n, nil
}
